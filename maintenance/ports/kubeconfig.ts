import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { ConfigError } from "../../model/configError";

/** A kubeconfig's text and, for relative file names in it, the folder it came from. */
export interface KubeconfigSource {
    /** Where it came from, for messages. */
    readonly subject: string;
    readonly text: string;
    readonly directory?: string | undefined;
}

/** Credentials and trust of one cluster, usable against any of its API servers. */
export interface ClusterAccess {
    /** Address clients are meant to dial, for example `https://10.89.0.10:6443`. */
    readonly server: string;
    /** The cluster's CA in PEM. */
    readonly certificateAuthority: string;
    /** The same credentials for another address of the same cluster. */
    configFor(server: string): KubeConfig;
}

/** @throws ConfigError when the text is no kubeconfig or has no cluster CA */
export function readKubeconfig({ subject, text, directory }: KubeconfigSource): ClusterAccess {
    const config = new KubeConfig();
    try {
        config.loadFromString(text);
        if (directory !== undefined) config.makePathsAbsolute(directory);
    } catch (error) {
        throw invalid(subject, "(whole)", `is no kubeconfig: ${(error as Error).message}; give one with --kubeconfig`);
    }
    const cluster = config.getCurrentCluster();
    if (cluster === null) throw invalid(subject, "current-context", "names no cluster; write a context that has one");
    const caFile = cluster.caFile;
    if (cluster.caData === undefined && caFile === undefined) {
        throw invalid(
            subject,
            `clusters.${cluster.name}`,
            "has no certificate-authority-data; API servers could not be told apart",
        );
    }
    return {
        server: cluster.server,
        certificateAuthority: cluster.caData
            ? Buffer.from(cluster.caData, "base64").toString("utf8")
            : readCa(subject, caFile ?? ""),
        configFor: (server) => withServer(config, cluster.name, server),
    };
}

function withServer(config: KubeConfig, clusterName: string, server: string): KubeConfig {
    const copy = new KubeConfig();
    copy.loadFromOptions({
        clusters: config.clusters.map((cluster) => (cluster.name === clusterName ? { ...cluster, server } : cluster)),
        users: config.users,
        contexts: config.contexts,
        currentContext: config.currentContext,
    });
    return copy;
}

function readCa(subject: string, path: string): string {
    try {
        return readFileSync(isAbsolute(path) ? path : join(process.cwd(), path), "utf8");
    } catch (error) {
        throw invalid(
            subject,
            "certificate-authority",
            `cannot be read: ${(error as Error).message}; write a path that exists`,
        );
    }
}

function invalid(subject: string, path: string, message: string): ConfigError {
    return new ConfigError(subject, [{ path, message }]);
}
