import type { EvictablePod, RebootPorts } from "../../../../../../maintenance/actions/reboot/rebootPorts";
import type { LeaseRecord } from "../../../../../../maintenance/workflow/runStore";
import type { Random } from "./random";
import { ALLOCATABLE, POD_REQUESTS, type SimHost, type SimPod, type World } from "./world";
import {
    brokenByReboot,
    healthyPods,
    isApiStopped,
    isIngressReady,
    isReady,
    isUp,
    KUBELET_RETURN_MILLISECONDS,
} from "./worldRules";

/** Life of one driver process: asked before every request, throws when the process is dead. */
export type Alive = () => void;

const BOOT_MILLISECONDS = 4000;
const READY_MILLISECONDS = 6000;
/** From its node's readiness, or kubelet's return, until an ingress proxy answers. */
const INGRESS_MILLISECONDS = 2000;
const POD_START_MILLISECONDS = 3000;

/** The ports of one driver to the world. Every request may fail by chance and takes a moment. */
export function simPorts(world: World, random: Random, alive: Alive): RebootPorts {
    const host = (name: string) => world.hosts.get(name)!;
    const request =
        <Args extends unknown[], Result>(work: (...args: Args) => Result) =>
        (...args: Args): Promise<Result> => {
            alive();
            world.now += 5;
            if (random.chance(world.apiErrors)) return Promise.reject(new Error("connection refused"));
            return Promise.resolve(work(...args));
        };
    return {
        balancers: balancers(world, request),
        virtualAddress: {
            owner: request(() => world.addressOwner),
            handOver: request((from: string) => {
                const others = world.inventory.loadBalancers.filter(
                    (other) => other.host !== from && isUp(world, host(other.host)),
                );
                if (world.addressOwner === from) world.addressOwner = others[0]!.host;
            }),
            release: request((name: string, { now }: { readonly now: boolean }) => {
                if (now) world.addressOwner = name;
            }),
        },
        nodes: nodes(world, request),
        pods: pods(world, request),
        etcd: {
            view: request(() => ({
                members: controlPlanes(world).map(({ host: { name } }) => ({
                    host: name,
                    id: name,
                    started: true,
                    learner: false,
                    unhealthy: isUp(world, host(name)) ? "" : "no answer",
                })),
                leader: world.leader,
                alarms: [],
            })),
            moveLeaderAway: request((from: string) => {
                const other = controlPlanes(world).find(
                    (candidate) => candidate.host.name !== from && isUp(world, candidate),
                );
                if (world.leader === from) world.leader = other!.host.name;
            }),
        },
        hosts: hosts(world, request),
        lease: lease(world, request),
        mirror: {
            read: request(() => world.mirror),
            write: request((text: string) => void (world.mirror = text)),
            remove: request(() => void (world.mirror = undefined)),
        },
        clock: {
            now: () => new Date(world.now),
            monotonic: () => world.now,
            pause(milliseconds) {
                alive();
                world.now += milliseconds;
                return Promise.resolve();
            },
        },
    };
}

type Request = <Args extends unknown[], Result>(work: (...args: Args) => Result) => (...args: Args) => Promise<Result>;

function balancers(world: World, request: Request): RebootPorts["balancers"] {
    const view = (balancer: string, server: SimHost, purpose: "api" | "ingress") => ({
        balancer,
        purpose,
        backend: purpose === "api" ? "k8s-api" : "ingress-http",
        host: server.host.name,
        administrative:
            purpose === "ingress"
                ? world.ingress.get(`${balancer}/${server.host.name}`)!
                : world.apiDrained.has(server.host.name)
                  ? ("drain" as const)
                  : ("ready" as const),
        up: purpose === "api" ? isReady(world, server) : isIngressReady(world, server),
        sessions: 0,
    });
    const servers = (balancer: string) => [
        ...controlPlanes(world).map((server) => view(balancer, server, "api")),
        ...[...world.hosts.values()]
            .filter(({ host }) => host.ingress)
            .map((server) => view(balancer, server, "ingress")),
    ];
    const running = () => world.inventory.loadBalancers.map(({ host }) => host);
    return {
        observe: request(() =>
            running().map((balancer) => {
                const up = isReady(world, world.hosts.get(balancer)!);
                return { balancer, unreachable: up ? "" : "no answer", servers: up ? servers(balancer) : [] };
            }),
        ),
        ingressServers: request((name: string) =>
            running().flatMap((balancer) =>
                servers(balancer).filter((server) => server.host === name && server.purpose === "ingress"),
            ),
        ),
        setIngress: request((name: string, state: "ready" | "drain" | "maint") => {
            if (state === "ready" && world.now < world.hosts.get(name)!.ingressReadyAt)
                world.violations.push(`users are sent to the ingress of ${name} before it answers`);
            for (const balancer of running()) {
                if (world.ingress.has(`${balancer}/${name}`)) world.ingress.set(`${balancer}/${name}`, state);
            }
        }),
        setApi: request((name: string, state: "ready" | "drain") => {
            if (state === "drain") world.apiDrained.add(name);
            else world.apiDrained.delete(name);
        }),
        endApiConnections: request(() => 0),
    };
}

function nodes(world: World, request: Request): RebootPorts["nodes"] {
    const perNode = new Map<string, number>();
    const view = (node: SimHost) => ({
        name: node.host.name,
        ready: isReady(world, node),
        notReadyReason: isReady(world, node) ? "" : "kubelet stopped posting",
        cordoned: node.cordonedBy !== undefined,
        cordonedByRun: node.cordonedBy === "human" ? undefined : node.cordonedBy,
        notReadyTaints: [],
        avoided: node.avoided,
        bootId: isReady(world, node) ? String(node.boots) : "",
        allocatable: ALLOCATABLE,
        requested: { cpu: (perNode.get(node.host.name) ?? 0) * POD_REQUESTS.cpu, memory: 0 },
    });
    return {
        list: request(() => {
            perNode.clear();
            for (const { node } of world.pods.values()) if (node) perNode.set(node, (perNode.get(node) ?? 0) + 1);
            return [...world.hosts.values()].filter(({ host }) => host.role !== "load-balancer").map(view);
        }),
        node: request((name: string) => view(world.hosts.get(name)!)),
        cordon: request((name: string, runId: string) => void (world.hosts.get(name)!.cordonedBy ??= runId)),
        uncordon: request((name: string, runId: string) => {
            const node = world.hosts.get(name)!;
            if (node.cordonedBy === runId) node.cordonedBy = undefined;
        }),
        setAvoided: request((names: readonly string[], avoided: boolean) => {
            for (const name of names) world.hosts.get(name)!.avoided = avoided;
        }),
        removeEnded: request(() => []),
        absentWork: request(() => []),
        ownWork: request(() => ({ daemonSets: [], staticPods: [], containers: [] })),
        volumesAttached: request(() => []),
        unreadyWork: request((name: string) =>
            isReady(world, world.hosts.get(name)!) ? [] : ["DaemonSet kube-proxy"],
        ),
    };
}

function pods(world: World, request: Request): RebootPorts["pods"] {
    const view = ({ uid, owner, node, storage }: SimPod): EvictablePod => ({
        namespace: "default",
        name: uid,
        uid,
        owner: `Deployment/${owner}`,
        node: node!,
        storage,
        toleratesCordon: false,
        started: true,
        requests: POD_REQUESTS,
    });
    const budgetOf = (owner: string) => world.budgets.find((budget) => budget.owner === owner);
    const allowed = (owner: string) => healthyPods(world, owner) - (budgetOf(owner)?.minAvailable ?? 0);
    const move = (pod: SimPod) => {
        const open = [...world.hosts.values()].filter(
            (node) => node.host.role === "worker" && node.cordonedBy === undefined && isReady(world, node),
        );
        pod.node = (open.find(({ avoided }) => !avoided) ?? open[0])?.host.name;
        pod.readyAt = world.now + POD_START_MILLISECONDS;
    };
    const settle = () => [...world.pods.values()].filter(({ node }) => node === undefined).forEach(move);
    return {
        evictable: request((names: readonly string[]) =>
            [...world.pods.values()].filter(({ node }) => node !== undefined && names.includes(node)).map(view),
        ),
        budgets: request(() =>
            world.budgets.map(({ owner }) => ({
                namespace: "default",
                name: owner,
                disruptionsAllowed: Math.max(0, allowed(owner)),
                pods: [...world.pods.values()].filter((pod) => pod.owner === owner).map(({ uid }) => uid),
            })),
        ),
        evict: request(({ uid, node }: EvictablePod, { dryRun }: { readonly dryRun: boolean }) => {
            settle();
            const pod = world.pods.get(uid)!;
            if (pod.node !== node) return { kind: "gone" } as const;
            if (budgetOf(pod.owner) !== undefined && allowed(pod.owner) < 1) {
                return { kind: "blocked", budget: `default/${pod.owner}`, reason: "no disruption allowed" } as const;
            }
            if (!dryRun) move(pod);
            return { kind: "evicted" } as const;
        }),
        delete: request(({ uid }: EvictablePod) => move(world.pods.get(uid)!)),
        unsettled: request((evicted: readonly { readonly name: string }[]) => {
            settle();
            return evicted.map(({ name }) => name).filter((name) => world.now < world.pods.get(name)!.readyAt);
        }),
    };
}

function hosts(world: World, request: Request): RebootPorts["hosts"] {
    const host = (name: string) => world.hosts.get(name)!;
    const ready = (name: string) => isReady(world, host(name));
    return {
        bootId: request((name: string) => {
            if (!isUp(world, host(name))) throw new Error(`${name}: no answer`);
            return String(host(name).boots);
        }),
        rebootRequired: request(() => true),
        stopApiServer: request((name: string) => {
            host(name).apiStoppedAt = world.now;
            host(name).ingressReadyAt = world.now + KUBELET_RETURN_MILLISECONDS + INGRESS_MILLISECONDS;
        }),
        startApiServer: request((name: string) => {
            if (isApiStopped(world, host(name))) host(name).ingressReadyAt = world.now + INGRESS_MILLISECONDS;
            host(name).apiStoppedAt = undefined;
        }),
        reboot: request((name: string) => {
            const going = host(name);
            world.violations.push(...brokenByReboot(world, going));
            if (going.trouble === "same-boot-id") return;
            going.boots++;
            going.apiStoppedAt = undefined;
            going.upAt = going.trouble === "never-back" ? Infinity : world.now + BOOT_MILLISECONDS;
            going.readyAt = going.trouble === "none" ? world.now + BOOT_MILLISECONDS + READY_MILLISECONDS : Infinity;
            going.ingressReadyAt = going.readyAt + INGRESS_MILLISECONDS;
        }),
        unservedByBalancer: request((name: string) => (ready(name) ? [] : ["haproxy is not active"])),
        podNetworkProof: request((name: string) => ({ passed: ready(name), seen: "asked" })),
        ingressProof: request((name: string) => ({ passed: isIngressReady(world, host(name)), seen: "asked" })),
        ingressDoubt: request(() => ""),
    };
}

function lease(world: World, request: Request): RebootPorts["lease"] {
    const store = (record: Omit<LeaseRecord, "resourceVersion">) =>
        (world.lease = { ...record, resourceVersion: String(Number(world.lease?.resourceVersion ?? 0) + 1) });
    return {
        read: request(() => world.lease),
        create: request((record: Omit<LeaseRecord, "resourceVersion">) =>
            world.lease === undefined ? store(record) : undefined,
        ),
        replace: request((record: LeaseRecord) =>
            world.lease?.resourceVersion === record.resourceVersion ? store(record) : undefined,
        ),
    };
}

function controlPlanes(world: World): SimHost[] {
    return [...world.hosts.values()].filter(({ host }) => host.role === "control-plane");
}
