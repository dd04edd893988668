import { readFile } from "node:fs/promises";
import { privateKeyPath } from "../../lab/hosts";
import type { Remote, RemoteHost } from "../../maintenance/ports/remote";
import { openSsh } from "../../maintenance/ports/ssh";
import type { ClusterConfig, HostConfig } from "../../model/clusterConfig";

/** A host of the lab as SSH reaches it. */
export function remoteHost({ name, address, hostKey }: HostConfig, { ssh }: ClusterConfig): RemoteHost {
    return { name, address, ssh: { user: ssh.user, port: ssh.port, hostKey } };
}

/** Works on the lab's hosts over SSH; an interruption ends what runs there. Connections live no longer than the work. */
export async function withSsh<T>(work: (remote: Remote) => Promise<T>): Promise<T> {
    const remote = openSsh({ identity: { privateKey: await readFile(privateKeyPath(), "utf8") } });
    const stop = (): void => remote.close();
    process.once("SIGINT", stop).once("SIGTERM", stop);
    try {
        return await work(remote);
    } finally {
        process.off("SIGINT", stop).off("SIGTERM", stop);
        remote.close();
    }
}

/** Names of the hosts that become nodes. */
export function nodeNames(config: ClusterConfig): string[] {
    return config.hosts.filter(({ role }) => role !== "load-balancer").map(({ name }) => name);
}
