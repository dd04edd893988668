import * as pulumi from "@pulumi/pulumi";
import { type ClusterConfig, parseClusterConfig } from "../model/clusterConfig";
import { ConfigError } from "../model/configError";
import type { ClusterInventory } from "../model/inventory";
import { releaseProblems } from "../components/artifacts/catalogue";
import { digestProblems } from "../components/artifacts/digests";
import type { ClusterAccess } from "../components/command/hostCommand";

export interface ClusterSettings {
    readonly config: ClusterConfig;
    readonly access: ClusterAccess;
}

/**
 * Reads the stack's configuration: `quorate:cluster`, and `quorate:sshPrivateKey` if the SSH agent is not to sign.
 * @param recorded what the last `up` that finished recorded
 * @throws ConfigError with every problem at once
 */
export function readClusterSettings(recorded: ClusterInventory | undefined): ClusterSettings {
    const settings = new pulumi.Config("quorate");
    const config = parseClusterConfig(withRecordedVersions(settings.requireObject("cluster"), recorded));
    const problems = [...releaseProblems(config), ...digestProblems(config)];
    if (problems.length > 0) throw new ConfigError("quorate:cluster", problems);
    const privateKey = settings.getSecret("sshPrivateKey");
    return { config, access: { cluster: config.name, ssh: config.ssh, ...(privateKey && { privateKey }) } };
}

/** A default is for new clusters: one that runs keeps what it was made with where its configuration names no version. */
export function withRecordedVersions(input: unknown, recorded: ClusterInventory | undefined): unknown {
    if (recorded === undefined || !isObject(input) || !isObject(input["versions"])) return input;
    const { etcd, containerd } = recorded.versions;
    return { ...input, versions: { etcd, containerd, ...input["versions"] } };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
