import * as pulumi from "@pulumi/pulumi";
import { type ClusterConfig, parseClusterConfig } from "../model/clusterConfig";
import { ConfigError } from "../model/configError";
import { releaseProblems } from "../components/artifacts/catalogue";
import { digestProblems } from "../components/artifacts/digests";
import type { ClusterAccess } from "../components/command/hostCommand";

export interface ClusterSettings {
    readonly config: ClusterConfig;
    readonly access: ClusterAccess;
}

/**
 * Reads the stack's configuration: `quorate:cluster`, and `quorate:sshPrivateKey` if the SSH agent is not to sign.
 * @throws ConfigError with every problem at once
 */
export function readClusterSettings(): ClusterSettings {
    const settings = new pulumi.Config("quorate");
    const config = parseClusterConfig(settings.requireObject("cluster"));
    const problems = [...releaseProblems(config), ...digestProblems(config)];
    if (problems.length > 0) throw new ConfigError("quorate:cluster", problems);
    const privateKey = settings.getSecret("sshPrivateKey");
    return { config, access: { cluster: config.name, ssh: config.ssh, ...(privateKey && { privateKey }) } };
}
