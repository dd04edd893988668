import type { RebootFacts } from "../../../../../maintenance/actions/reboot/rebootFacts";
import type { EvictablePod, NodeView, ServerView } from "../../../../../maintenance/actions/reboot/rebootPorts";
import { sampleInventory } from "../../../../fakes/sampleCluster";

const GIB = 2 ** 30;

/** A node of the sample cluster that is well. */
export function sampleNode(name: string, change: Partial<NodeView> = {}): NodeView {
    return {
        name,
        ready: true,
        notReadyReason: "",
        cordoned: false,
        cordonedByRun: undefined,
        notReadyTaints: [],
        avoided: false,
        bootId: "boot-1",
        allocatable: { cpu: 2000, memory: 4 * GIB },
        requested: { cpu: 500, memory: GIB },
        ...change,
    };
}

/** A pod that a drain of this node has to move. */
export function samplePod(node: string, name: string, change: Partial<EvictablePod> = {}): EvictablePod {
    return {
        namespace: "shop",
        name,
        uid: name,
        node,
        owner: "Deployment/shop",
        storage: false,
        toleratesCordon: false,
        started: true,
        requests: { cpu: 100, memory: GIB / 4 },
        ...change,
    };
}

/** The sample cluster's eight hosts while all is well; cp2 leads etcd and lb1 has the address. */
export function sampleRebootFacts(change: Partial<RebootFacts> = {}): RebootFacts {
    const inventory = sampleInventory();
    const controlPlanes = ["cp1", "cp2", "cp3"];
    const servers = (balancer: string) =>
        (["api", "ingress"] as const).flatMap((purpose) =>
            controlPlanes.map((host): ServerView => ({
                balancer,
                purpose,
                backend: purpose === "api" ? "k8s-api" : "ingress-http",
                host,
                administrative: "ready",
                up: true,
                sessions: 0,
            })),
        );
    return {
        inventory,
        unreachable: {},
        rebootRequired: [],
        bootIds: Object.fromEntries(inventory.hosts.map(({ name }) => [name, "boot-1"])),
        nodes: [...controlPlanes, "w1", "w2", "w3"].map((name) => sampleNode(name)),
        etcd: {
            members: controlPlanes.map((host) => ({ host, id: host, started: true, learner: false, unhealthy: "" })),
            leader: "cp2",
            alarms: [],
        },
        balancers: ["lb1", "lb2"].map((balancer) => ({ balancer, unreachable: "", servers: servers(balancer) })),
        addressOwner: "lb1",
        pods: [],
        budgets: [],
        blocked: [],
        unwell: {},
        ingressDoubt: "",
        ...change,
    };
}
