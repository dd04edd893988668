import type { SimHost, World } from "./world";

/** Whether a host answers. */
export function isUp(world: World, { upAt }: SimHost): boolean {
    return world.now >= upAt;
}

/** Kubelet comes back by itself after this time, and starts the API server again. */
export const KUBELET_RETURN_MILLISECONDS = 600_000;

/** Whether its kubelet and API server are stopped. */
export function isApiStopped(world: World, { apiStoppedAt }: SimHost): boolean {
    return apiStoppedAt !== undefined && world.now < apiStoppedAt + KUBELET_RETURN_MILLISECONDS;
}

/** Whether its node and everything on it is ready, apart from its ingress proxy. */
export function isReady(world: World, host: SimHost): boolean {
    return isUp(world, host) && world.now >= host.readyAt && !isApiStopped(world, host);
}

/** Whether its ingress proxy answers. */
export function isIngressReady(world: World, host: SimHost): boolean {
    return isReady(world, host) && world.now >= host.ingressReadyAt;
}

/** Ready pods of a workload. */
export function healthyPods(world: World, owner: string): number {
    return [...world.pods.values()].filter((pod) => pod.owner === owner && isServing(world, pod.node, pod.readyAt))
        .length;
}

function isServing(world: World, node: string | undefined, readyAt: number): boolean {
    return node !== undefined && world.now >= readyAt && isUp(world, world.hosts.get(node)!);
}

/** Everything that a reboot of this host would break, as a user or an operator would see it. */
export function brokenByReboot(world: World, going: SimHost): string[] {
    const { name, role, ingress } = going.host;
    const others = [...world.hosts.values()].filter((host) => host !== going);
    const broken: string[] = [];
    if (role === "control-plane") {
        const voters = others.filter(({ host }) => host.role === "control-plane");
        const out = voters.filter((host) => !isReady(world, host)).map(({ host }) => host.name);
        if (out.length > 0) broken.push(`${name} rebooted while ${out.join()} is out`);
        if (world.leader === name) broken.push(`${name} rebooted while it leads etcd`);
        if (!world.apiDrained.has(name)) broken.push(`${name} rebooted while balancers send it API connections`);
        if (!isApiStopped(world, going)) broken.push(`${name} rebooted while its API server serves`);
    }
    if (ingress) {
        const states = world.inventory.loadBalancers.map(({ host }) => world.ingress.get(`${host}/${name}`));
        if (!states.every((state) => state === "maint"))
            broken.push(`${name} rebooted while balancers send it requests`);
        const outs = others.filter(({ host, ...rest }) => host.ingress && !isIngressServing(world, { host, ...rest }));
        if (outs.length > 0)
            broken.push(`${name} rebooted while ingress of ${outs.map(({ host }) => host.name).join()} is out`);
    }
    if (role === "load-balancer") {
        if (world.addressOwner === name) broken.push(`${name} rebooted while it has the address`);
        if (!others.some((other) => other.host.role === "load-balancer" && isReady(world, other))) {
            broken.push(`${name} rebooted while no other balancer serves`);
        }
    } else {
        if (going.cordonedBy === undefined) broken.push(`${name} rebooted without a cordon`);
        const left = [...world.pods.values()].filter((pod) => pod.node === name);
        if (left.length > 0) broken.push(`${name} rebooted with ${left.length} pods on it`);
    }
    return broken;
}

function isIngressServing(world: World, host: SimHost): boolean {
    return (
        isIngressReady(world, host) &&
        world.inventory.loadBalancers.every(
            ({ host: balancer }) => world.ingress.get(`${balancer}/${host.host.name}`) === "ready",
        )
    );
}
