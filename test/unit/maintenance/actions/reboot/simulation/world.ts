import type { Resources, ServerAdminState } from "../../../../../../maintenance/actions/reboot/rebootPorts";
import type { LeaseRecord } from "../../../../../../maintenance/workflow/runStore";
import type { ClusterInventory, InventoryHost } from "../../../../../../model/inventory";
import { sampleInventory } from "../../../../../fakes/sampleCluster";
import type { Random } from "./random";

/** What goes wrong with a host when it is told to reboot. */
export type BootTrouble = "none" | "never-back" | "same-boot-id" | "not-ready";

export interface SimHost {
    readonly host: InventoryHost;
    trouble: BootTrouble;
    boots: number;
    /** The host answers from then on. */
    upAt: number;
    /** Its node and pods are ready from then on. */
    readyAt: number;
    /** Run, `human`, or nobody. */
    cordonedBy: string | undefined;
    avoided: boolean;
    /** When its kubelet and API server were stopped, until something starts them. */
    apiStoppedAt: number | undefined;
    /** Its ingress proxy answers from then on; later than its node and pods, and later still after it was ended. */
    ingressReadyAt: number;
}

export interface SimPod {
    readonly uid: string;
    readonly owner: string;
    readonly storage: boolean;
    node: string | undefined;
    readyAt: number;
}

export interface SimBudget {
    readonly owner: string;
    readonly minAvailable: number;
}

/** A cluster in memory. Time passes only when somebody waits. */
export interface World {
    readonly inventory: ClusterInventory;
    readonly hosts: Map<string, SimHost>;
    readonly pods: Map<string, SimPod>;
    readonly budgets: readonly SimBudget[];
    /** `balancer/host` to the state of the ingress server. */
    readonly ingress: Map<string, ServerAdminState>;
    /** Hosts whose API server gets no new connections. */
    readonly apiDrained: Set<string>;
    now: number;
    leader: string;
    addressOwner: string;
    lease: LeaseRecord | undefined;
    mirror: string | undefined;
    /** Share of requests that fail for no reason. */
    apiErrors: number;
    /** What a rule of the project forbids and was done. */
    readonly violations: string[];
}

export const POD_REQUESTS: Resources = { cpu: 100, memory: 2 ** 26 };
export const ALLOCATABLE: Resources = { cpu: 64_000, memory: 2 ** 38 };
const START = Date.parse("2026-11-21T12:00:00Z");

/** A cluster without workloads, all of it well. */
export function quietWorld(inventory: ClusterInventory): World {
    const hosts = inventory.hosts.map((host): [string, SimHost] => [
        host.name,
        {
            host,
            trouble: "none",
            boots: 0,
            upAt: 0,
            readyAt: 0,
            cordonedBy: undefined,
            avoided: false,
            apiStoppedAt: undefined,
            ingressReadyAt: 0,
        },
    ]);
    const ingress = inventory.loadBalancers.flatMap(({ host: balancer }) =>
        inventory.hosts.filter((host) => host.ingress).map(({ name }) => [`${balancer}/${name}`, "ready"] as const),
    );
    return {
        inventory,
        hosts: new Map(hosts),
        pods: new Map(),
        budgets: [],
        ingress: new Map(ingress),
        apiDrained: new Set(),
        now: START,
        leader: inventory.hosts.find(({ role }) => role === "control-plane")!.name,
        addressOwner: inventory.loadBalancers[0]!.host,
        lease: undefined,
        mirror: undefined,
        apiErrors: 0,
        violations: [],
    };
}

/** A cluster of random size with random workloads and budgets, all of it well. */
export function randomWorld(random: Random): World {
    const world = quietWorld(randomInventory(random));
    const { hosts, loadBalancers } = world.inventory;
    const workers = hosts.filter(({ role }) => role === "worker").map(({ name }) => name);
    const budgets: SimBudget[] = [];
    for (let app = workers.length < 2 ? 0 : random.between(1, 6); app > 0; app--) {
        const owner = `app${app}`;
        const replicas = random.between(2, 5);
        for (let index = 0; index < replicas; index++) {
            const uid = `${owner}-${index}`;
            world.pods.set(uid, {
                uid,
                owner,
                storage: random.chance(0.2),
                node: random.pick(workers),
                readyAt: 0,
            });
        }
        if (random.chance(0.7)) budgets.push({ owner, minAvailable: random.between(1, replicas - 1) });
    }
    const leader = random.pick(hosts.filter(({ role }) => role === "control-plane")).name;
    return { ...world, budgets, leader, addressOwner: random.pick(loadBalancers).host };
}

function randomInventory(random: Random): ClusterInventory {
    const sample = sampleInventory();
    const [first] = sample.loadBalancers;
    const size = random.chance(0.002) ? random.between(100, 290) : random.between(0, 8);
    const host = (name: string, role: InventoryHost["role"], ingress: boolean) => ({
        ...sample.hosts[0]!,
        name,
        role,
        ingress,
    });
    const named = (prefix: string, count: number) =>
        Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
    const backends = (hosts: readonly InventoryHost[]) =>
        first!.backends.map((backend) => ({
            ...backend,
            servers: hosts
                .filter(({ role, ingress }) => (backend.purpose === "api" ? role === "control-plane" : ingress))
                .map(({ name, address }) => ({ name, address, port: 0 })),
        }));
    const workerIngress = size >= 2 && random.chance(0.5);
    return {
        ...sample,
        hosts: [
            ...named("lb", random.between(2, 3)).map((name) => host(name, "load-balancer", false)),
            ...named("cp", random.pick([3, 3, 5, 7])).map((name) => host(name, "control-plane", !workerIngress)),
            ...named("w", size).map((name, index) => host(name, "worker", workerIngress && index < 3)),
        ],
        get loadBalancers() {
            return this.hosts
                .filter(({ role }) => role === "load-balancer")
                .map(({ name }) => ({ ...first!, host: name, backends: backends(this.hosts) }));
        },
    };
}
