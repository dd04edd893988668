import { type ClusterConfig, hostsWithRole } from "../../model/clusterConfig";
import { nodeNames, remoteHost, withSsh } from "./labHosts";
import { pulumiUp } from "./pulumiUp";
import { quoratePhases } from "./quoratePhases";
import { awaitComplete } from "./readiness";
import { type Creation, Stopwatch } from "./stopwatch";

/**
 * Creates a cluster on prepared hosts with `pulumi up`, whose own verification is part of the time, and then asks for the
 * same condition as the other way.
 * @throws LabError when `pulumi up` fails
 */
export async function createWithQuorate(config: ClusterConfig): Promise<Creation> {
    const [first] = hostsWithRole(config, "control-plane");
    if (first === undefined) throw new Error("no control plane in the lab's configuration; expected at least one");
    const watch = new Stopwatch();
    const up = await pulumiUp();
    const exited = watch.elapsed();
    await withSsh((remote) => awaitComplete(remote, remoteHost(first, config), nodeNames(config)));
    const seconds = watch.elapsed();
    const phases = [...quoratePhases(up.steps, up.seconds), { name: "ready", start: exited, end: seconds }];
    return { seconds, phases };
}
