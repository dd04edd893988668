import type { RebootPorts } from "./rebootPorts";

type Mutations = { readonly [Port in keyof RebootPorts]?: readonly (keyof RebootPorts[Port])[] };

/** Everything that changes something. A method that is not named here is an observation. */
const MUTATIONS = {
    balancers: ["setIngress", "setApi", "endApiConnections"],
    virtualAddress: ["handOver", "release"],
    nodes: ["cordon", "uncordon", "setAvoided", "removeEnded"],
    pods: ["evict", "delete"],
    etcd: ["moveLeaderAway"],
    hosts: ["stopApiServer", "startApiServer", "reboot"],
    mirror: ["write", "remove"],
} as const satisfies Mutations;

type Guard = <T>(change: () => Promise<T>) => Promise<T>;
type Method = (...args: readonly unknown[]) => Promise<unknown>;

/** The same ports, with a look at the lock before every change (F48). */
export function fencedPorts(ports: RebootPorts, guard: Guard): RebootPorts {
    const fenced = Object.entries(MUTATIONS).map(([port, methods]) => {
        const original = ports[port as keyof typeof MUTATIONS] as unknown as Record<string, Method>;
        const guarded = methods.map((method) => {
            const change: Method = (...args) =>
                guard(() => (original[method] as Method).apply(original, args as unknown[]));
            return [method, change] as const;
        });
        return [port, Object.assign(Object.create(original) as object, Object.fromEntries(guarded))] as const;
    });
    return { ...ports, ...Object.fromEntries(fenced) } as RebootPorts;
}
