import * as pulumi from "@pulumi/pulumi";
import { type ClusterConfig, type HostConfig, hostsWithRole } from "../../model/clusterConfig";
import type { ClusterInventory } from "../../model/inventory";
import { Artifacts } from "../artifacts/artifacts";
import { type ClusterAccess, answer, hostCommand } from "../command/hostCommand";
import { ContainerRuntime } from "../containerRuntime/containerRuntime";
import { ControlPlane } from "../controlPlane/controlPlane";
import { onlyFields } from "../controlPlane/handedOut";
import { clusterDeparture, departure } from "../host/departure";
import { founding } from "../host/founding";
import { formedCluster, isRecordedMachine } from "../host/machines";
import { Host } from "../host/host";
import { LoadBalancer } from "../loadBalancer/loadBalancer";
import { Network } from "../network/network";
import { joinToken, withdrawnTokens } from "../workers/joinTokens";
import { populatedPools } from "../workers/pools";
import { WorkerPool } from "../workers/workerPool";
import { clusterInventory } from "./inventory";
import { renderNodes } from "./nodesScript";
import { renderVerify } from "./verifyScript";

export interface HaClusterArgs {
    readonly config: ClusterConfig;
    readonly access: ClusterAccess;
    /** The control plane that holds the cluster's identity; the first configured one when the cluster is new. */
    readonly first: HostConfig;
    /** What the last `up` that finished recorded; undefined for a new cluster. */
    readonly recorded?: ClusterInventory | undefined;
    /** Names of the nodes that have still to join, as far as it has recorded. */
    readonly joining: ReadonlySet<string>;
}

/**
 * A whole cluster: hosts accepted and prepared in parallel, load balancers one after the other, control planes founded
 * together, workers joined once the cluster is formed, add-ons, and a verification before `up` ends. In a cluster of
 * several control planes that stands already, load balancers come after the control planes that join.
 */
export class HaCluster extends pulumi.ComponentResource {
    readonly inventory: pulumi.Output<ClusterInventory>;
    readonly kubeconfig: pulumi.Output<string>;

    constructor(name: string, args: HaClusterArgs, options?: pulumi.ComponentResourceOptions) {
        super("quorate:index:HaCluster", name, {}, options);
        const { config, access, first, recorded, joining } = args;
        const below = { parent: this };
        const foundingId = founding(`${name}-founding`, below);
        const hosts = new Map(
            config.hosts.map((host) => [
                host.name,
                new Host(host.name, { host, access, config, founding: foundingId, recorded }, below),
            ]),
        );
        this.prepareDepartures(name, args, foundingId, hosts);
        const formed = formedCluster(recorded);
        // A single control plane is restarted when others have joined, so balancers have to know those before.
        const several = (formed?.etcd.members.length ?? 0) > 1;
        const balancers = hostsWithRole(config, "load-balancer");
        const serving = several && balancers.some((host) => isRecordedMachine(formed, host));
        const before = serving ? [] : this.balancersInTurn(config, access, hosts, []);
        const runtimes = this.runtimes(config, access, hosts);

        const controlPlane = new ControlPlane(
            `${name}-control-plane`,
            { config, access, first, joining, recordedCaHash: formed?.caHash, runtimes, loadBalancers: before },
            below,
        );
        // HAProxy takes a new server for good until its first check, so those that serve already hear of it when it is there.
        const loadBalancers = serving ? this.balancersInTurn(config, access, hosts, controlPlane.members) : before;
        const needed = hostsWithRole(config, "worker").some((host) => joining.has(host.name));
        const token = joinToken(
            `${name}-join-token`,
            { host: first, access, needed },
            { ...below, dependsOn: controlPlane.formed },
        );
        const joinSecret = pulumi
            .all([answer(token), controlPlane.authority])
            .apply(([text, authority]) => `${onlyFields(text, ["token"])}${authority}`);
        const pools = populatedPools(config).map(
            ({ pool, hosts: members }) =>
                new WorkerPool(
                    `${name}-pool-${pool.name}`,
                    {
                        hosts: members,
                        pool,
                        access,
                        config,
                        joinSecret,
                        joining,
                        runtimes,
                        formed: controlPlane.formed,
                    },
                    below,
                ),
        );
        const joined = [...controlPlane.members, ...pools.flatMap((pool) => pool.joined)];
        withdrawnTokens(
            `${name}-withdraw-tokens`,
            { host: first, access, needed },
            { ...below, dependsOn: pools.flatMap((pool) => pool.joined) },
        );
        const network = new Network(
            `${name}-network`,
            { host: first, access, config },
            { ...below, dependsOn: controlPlane.formed },
        );
        const nodes = hostCommand(
            `${name}-nodes`,
            { host: first, access, script: renderNodes(config) },
            { ...below, dependsOn: joined },
        );
        const verified = hostCommand(
            `${name}-verify`,
            { host: first, access, script: renderVerify(config) },
            { ...below, dependsOn: [nodes, network, ...loadBalancers] },
        );
        this.inventory = pulumi
            .all([controlPlane.caHash, foundingId, answer(verified)])
            .apply(([caHash, id]) => clusterInventory(config, caHash, id));
        this.kubeconfig = controlPlane.kubeconfig;
        this.registerOutputs({ inventory: this.inventory, kubeconfig: this.kubeconfig });
    }

    /**
     * What runs when hosts, or all of it, go; nothing runs now. When the cluster goes, its own departure resets every host
     * and those of the hosts are left out. A host that was never accepted never leaves. The cluster's departure waits for
     * none of them, so that it is there when one is refused: it looks for the marks itself.
     */
    private prepareDepartures(
        name: string,
        { config, access }: HaClusterArgs,
        foundingId: pulumi.Output<string>,
        hosts: ReadonlyMap<string, Host>,
    ): void {
        const controlPlanes = hostsWithRole(config, "control-plane");
        const cluster = { name: config.name, foundingId };
        const whole = clusterDeparture(`${name}-departure`, config.hosts, cluster, access, {
            parent: this,
            protect: config.protect,
        });
        const leaves = (host: HostConfig, dependsOn: pulumi.Resource[]) =>
            departure(
                `${host.name}-departure`,
                { host, cluster, controlPlanes, access },
                {
                    parent: this,
                    dependsOn: [...dependsOn, hosts.get(host.name)?.accepted].filter((item) => item !== undefined),
                    deletedWith: whole,
                },
            );
        // Control planes leave one after the other, whichever of them do: an order through one that stays would be none.
        // Everything else leaves as it likes.
        controlPlanes.reduce<pulumi.Resource[]>((before, host) => [...before, leaves(host, before)], []);
        for (const host of config.hosts) if (host.role !== "control-plane") leaves(host, []);
    }

    private balancersInTurn(
        config: ClusterConfig,
        access: ClusterAccess,
        hosts: ReadonlyMap<string, Host>,
        first: readonly pulumi.Resource[],
    ): pulumi.Resource[] {
        return hostsWithRole(config, "load-balancer").reduce<pulumi.Resource[]>((before, host) => {
            const dependsOn = [...first, hosts.get(host.name)?.prepared, ...before.slice(-1)].filter(
                (item) => item !== undefined,
            );
            const balancer = new LoadBalancer(
                `${host.name}-load-balancer`,
                { host, access, config },
                { parent: this, dependsOn },
            );
            return [...before, balancer.ready];
        }, []);
    }

    private runtimes(
        config: ClusterConfig,
        access: ClusterAccess,
        hosts: ReadonlyMap<string, Host>,
    ): ReadonlyMap<string, pulumi.Resource> {
        const nodes = config.hosts.filter((host) => host.role !== "load-balancer");
        return new Map(
            nodes.map((host) => {
                const prepared = hosts.get(host.name);
                const artifacts = new Artifacts(
                    `${host.name}-artifacts`,
                    { host, access, config },
                    { parent: this, ...(prepared && { dependsOn: prepared.prepared }) },
                );
                const runtime = new ContainerRuntime(
                    `${host.name}-runtime`,
                    { host, access, config },
                    { parent: this, dependsOn: artifacts },
                );
                return [host.name, runtime.ready];
            }),
        );
    }
}
