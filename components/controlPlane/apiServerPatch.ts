import { createHash } from "node:crypto";
import { stringify } from "yaml";
import type { ClusterConfig } from "../../model/clusterConfig";
import type { HostFile } from "../command/hostScript";
import { startupSpec } from "./startupPatch";

/** Stands in the manifest of an API server and changes with the files it reads: kubelet restarts it for that. */
const FILES_NOTE = "quorate/settings-files";

/** The files of clusters made by 0.1.0, whose manifests have no note: these need none, or they would restart for nothing. */
const UNNOTED = "161c7bba614185f1";

/**
 * What kubeadm is to change in its own manifest of the API server. Kubelet must not kill one that still serves out its
 * shutdown delay (TRAPS 18), and a new version of a file takes effect as a new flag does: one control plane at a time.
 *
 * @param files what the API server reads when it starts
 */
export function renderApiServerPatch({ apiServer }: ClusterConfig, files: readonly HostFile[]): string {
    const digest = digestOf(files);
    return stringify({
        ...(digest !== UNNOTED && { metadata: { annotations: { [FILES_NOTE]: digest } } }),
        spec: {
            ...startupSpec("kube-apiserver"),
            terminationGracePeriodSeconds: apiServer.terminationGracePeriod.wholeSeconds,
        },
    });
}

function digestOf(files: readonly HostFile[]): string {
    const text = files.map(({ path, content }) => `${path}\n${content}`).join("\n");
    return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
