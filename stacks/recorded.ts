import * as pulumi from "@pulumi/pulumi";
import { formedCluster, isRecordedMachine } from "../components/host/machines";
import { type ClusterConfig, type HostConfig, hostsWithRole } from "../model/clusterConfig";
import { ConfigError, type ConfigProblem } from "../model/configError";
import { type ClusterInventory, parseInventory } from "../model/inventory";
import { Version } from "../model/version";

/** What the last `up` that finished recorded about this cluster; undefined for a new one. */
export async function recordedInventory(): Promise<ClusterInventory | undefined> {
    const self = new pulumi.StackReference(`${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`);
    const { value } = await self.getOutputDetails("inventory");
    return value === undefined || value === null ? undefined : parseInventory(value);
}

/**
 * Refuses what must not be done by editing the configuration: versions, because all nodes would change at the same time,
 * and what a running cluster is built upon, because hosts that have it would not follow.
 * @throws ConfigError naming what to put back, or the command that does it one node at a time
 */
export function refuseUnsafeChanges(config: ClusterConfig, recorded: ClusterInventory | undefined): void {
    if (recorded === undefined) return;
    const problems = [
        ...changedVersions(config, recorded),
        ...changedFoundations(config, recorded),
        ...changedHosts(config, recorded),
    ];
    if (problems.length > 0) throw new ConfigError("quorate:cluster", problems);
}

function changedVersions(config: ClusterConfig, recorded: ClusterInventory): ConfigProblem[] {
    return (["kubernetes", "etcd", "containerd"] as const).flatMap((name) => {
        const wanted = config.versions[name];
        const running = Version.parse(recorded.versions[name]);
        if (wanted.equals(running)) return [];
        const before = name === "kubernetes" ? running.toString() : running.bare;
        const command =
            name === "kubernetes" ? `quorate upgrade --to ${wanted}` : `quorate upgrade --${name} ${wanted.bare}`;
        return [
            {
                path: `versions.${name}`,
                message: `the cluster runs ${before}, configured is ${wanted}; \`pulumi up\` would change all nodes at once. Put ${before} back and run: ${command}`,
            },
        ];
    });
}

function changedFoundations(config: ClusterConfig, recorded: ClusterInventory): ConfigProblem[] {
    const { network, endpoint } = config;
    const pairs: readonly (readonly [path: string, now: string, before: string])[] = [
        ["name", config.name, recorded.clusterName],
        ["endpoint.address", endpoint.address, recorded.endpoint.address],
        ["endpoint.port", String(endpoint.port), String(recorded.endpoint.port)],
        ["network.pods", network.pods.toString(), recorded.network.pods],
        ["network.services", network.services.toString(), recorded.network.services],
        ["network.domain", network.domain, recorded.network.domain],
        ["network.mode", network.mode, recorded.network.mode],
    ];
    return pairs
        .filter(([, now, before]) => now !== before)
        .map(([path, now, before]) => ({
            path,
            message: `${now}, but the cluster was made with ${before} and cannot change it; put ${before} back`,
        }));
}

/** A host with another address or role is another host: it would be set up anew while the old one is never cleaned. */
function changedHosts(config: ClusterConfig, recorded: ClusterInventory): ConfigProblem[] {
    return config.hosts.flatMap((host, index) => {
        const before = recorded.hosts.find((known) => known.name === host.name);
        if (before === undefined) return [];
        return (["address", "role"] as const)
            .filter((key) => host[key] !== before[key])
            .map((key) => ({
                path: `hosts[${index}].${key}`,
                message: `${host[key]}, but ${host.name} is in the cluster with ${before[key]}; give the host a new name, so that the old one leaves and it joins`,
            }));
    });
}

/**
 * Names of the nodes that no finished `up` has recorded, or that are another machine since then: installed anew, they have
 * another host key.
 */
export function joiningHosts(config: ClusterConfig, recorded: ClusterInventory | undefined): ReadonlySet<string> {
    const formed = formedCluster(recorded);
    const nodes = config.hosts.filter((host) => host.role !== "load-balancer");
    return new Set(nodes.filter((host) => !isRecordedMachine(formed, host)).map((host) => host.name));
}

/**
 * The control plane that holds the cluster's identity: a recorded member that is still configured, and the same machine if
 * there is one. A host that was never a member must not be asked, it would make a new identity.
 * @throws ConfigError when no recorded control plane is left
 */
export function identityHolder(config: ClusterConfig, recorded: ClusterInventory | undefined): HostConfig {
    const controlPlanes = hostsWithRole(config, "control-plane");
    const formed = formedCluster(recorded);
    const members = formed?.etcd.members.map((member) => member.host);
    const candidates = controlPlanes.filter((host) => members?.includes(host.name) ?? true);
    const holder = candidates.find((host) => isRecordedMachine(formed, host)) ?? candidates[0];
    if (holder !== undefined) return holder;
    throw new ConfigError("quorate:cluster", [
        {
            path: "hosts",
            message: `none of the control planes is a member of the cluster (${members?.join(", ") ?? "none"}); replace them a few at a time, keeping one`,
        },
    ]);
}
