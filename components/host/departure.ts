import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { HostConfig } from "../../model/clusterConfig";
import type { ClusterAccess } from "../command/hostCommand";

/** The compiled command line; the plugin runs local commands in the project's folder. */
const LEAVE = "node dist/maintenance/cli/main.js leave";

/** What the mark of every host of the cluster says; removal looks for it. */
export interface ClusterIdentity {
    readonly name: string;
    readonly foundingId: pulumi.Output<string>;
}

export interface DepartureArgs {
    readonly host: HostConfig;
    readonly cluster: ClusterIdentity;
    readonly controlPlanes: readonly HostConfig[];
    readonly access: ClusterAccess;
}

/**
 * What happens when a host leaves the configuration: `quorate leave` drains it, takes it out of etcd behind the quorum
 * gates, and resets it. It runs on the operator's machine, because a command on the host itself could only fail when the
 * host is gone (pulumi-command issue 104). Nothing happens when it is created.
 */
export function departure(name: string, args: DepartureArgs, options: pulumi.CustomResourceOptions): local.Command {
    return leaveOnDelete(
        name,
        {
            purpose: "leave",
            host: reachable(args.host, args.access),
            controlPlanes: args.controlPlanes.map((host) => reachable(host, args.access)),
        },
        args.cluster,
        args.access,
        options,
    );
}

/**
 * What happens when the whole cluster is destroyed: every host is reset at once, without drains and gates (TRAPS 58). The
 * hosts' own departures are deleted with it.
 */
export function clusterDeparture(
    name: string,
    hosts: readonly HostConfig[],
    cluster: ClusterIdentity,
    access: ClusterAccess,
    options: pulumi.CustomResourceOptions,
): local.Command {
    return leaveOnDelete(
        name,
        { purpose: "destroy", hosts: hosts.map((host) => reachable(host, access)) },
        cluster,
        access,
        options,
    );
}

function leaveOnDelete(
    name: string,
    request: object,
    cluster: ClusterIdentity,
    access: ClusterAccess,
    options: pulumi.CustomResourceOptions,
) {
    const { proxy } = access.ssh;
    const stdin = pulumi.all([cluster.foundingId, access.privateKey]).apply(([foundingId, privateKey]) =>
        JSON.stringify({
            ...request,
            cluster: { name: cluster.name, foundingId },
            ...(proxy && { proxy }),
            ...(privateKey !== undefined && { privateKey }),
        }),
    );
    return new local.Command(
        name,
        { delete: LEAVE, stdin: pulumi.secret(stdin), addPreviousOutputInEnv: false, logging: "stderr" },
        options,
    );
}

function reachable({ name, address, role, hostKey }: HostConfig, { ssh }: ClusterAccess) {
    return { name, address, role, ssh: { user: ssh.user, port: ssh.port, hostKey } };
}
