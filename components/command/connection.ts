import type { types } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterConfig, HostConfig } from "../../model/clusterConfig";

export type Connection = types.input.remote.ConnectionArgs;

/**
 * How quorate reaches one host. The only place that makes a connection: the plugin refuses stray properties and prints
 * the whole object when it does, private key included, so nothing is ever spread into it.
 *
 * The host key is always pinned (TRAPS 60). Without a private key the operator's SSH agent signs.
 *
 * @param attempts dials before giving up; each further one waits up to 5 s (TRAPS 61)
 */
export function connectionTo(
    host: Pick<HostConfig, "address" | "hostKey">,
    ssh: ClusterConfig["ssh"],
    privateKey: pulumi.Output<string> | undefined,
    attempts: number,
): pulumi.Output<Connection> {
    return pulumi.secret(
        pulumi.output(privateKey).apply((key) => ({
            host: host.address,
            port: ssh.port,
            user: ssh.user,
            hostKey: host.hostKey,
            dialErrorLimit: attempts,
            perDialTimeout: 15,
            ...(key === undefined ? {} : { privateKey: key }),
            ...(ssh.proxy === undefined ? {} : { proxy: proxyConnection(ssh.proxy, key) }),
        })),
    );
}

function proxyConnection(proxy: NonNullable<ClusterConfig["ssh"]["proxy"]>, key: string | undefined) {
    return {
        host: proxy.host,
        port: proxy.port,
        user: proxy.user,
        hostKey: proxy.hostKey,
        dialErrorLimit: 10,
        perDialTimeout: 15,
        ...(key === undefined ? {} : { privateKey: key }),
    };
}
