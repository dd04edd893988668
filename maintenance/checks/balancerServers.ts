import type { InventoryLoadBalancer } from "../../model/inventory";
import { valueOf } from "../facts/answer";
import { isReachable, type Observation } from "../facts/clusterFacts";
import type { BalancerServer } from "../ports/haproxyOutput";
import { problem, warning, type Check, type Finding } from "./finding";

type Backend = InventoryLoadBalancer["backends"][number];

/** Every balancer runs exactly the declared servers, all up and none left in maint or drain (TRAPS 20). */
export const balancerServers: Check = {
    name: "balancer-servers",
    title: "every server is up on every balancer",

    findings: (observation) => [
        ...observation.inventory.loadBalancers.flatMap((balancer) => onBalancer(observation, balancer)),
        ...unusedIngress(observation),
    ],
};

function onBalancer({ facts }: Observation, { host, backends, adminSocket }: InventoryLoadBalancer): Finding[] {
    const answer = facts.balancers[host];
    if (!isReachable(facts, host) || answer === undefined) return [];
    if (!answer.answered) {
        return [
            problem({
                subject: host,
                found: `HAProxy's servers are unknown (${answer.why})`,
                expected: `an answer on ${adminSocket}`,
                next: "read `journalctl -u haproxy` on the host",
            }),
        ];
    }
    return backends.flatMap((backend) => onBackend(host, backend, answer.value));
}

function onBackend(host: string, backend: Backend, servers: readonly BalancerServer[]): Finding[] {
    const live = servers.filter((server) => server.backend === backend.name);
    const extra = live.filter(({ name }) => !backend.servers.some((declared) => declared.name === name));
    const drift = extra.map(({ name }) => drifted(host, `server ${backend.name}/${name} is not in the inventory`));
    if (isUnused(backend, live)) return drift;
    return [...drift, ...backend.servers.flatMap((declared) => onServer(host, backend, declared, live))];
}

/** A new cluster has ingress frontends before anybody has installed an ingress proxy: nothing of theirs is up anywhere. */
function isUnused({ purpose }: Backend, live: readonly BalancerServer[]): boolean {
    const isDown = ({ operational, administrative }: BalancerServer) =>
        operational === "down" && administrative === "ready";
    return purpose === "ingress" && live.length > 0 && live.every(isDown);
}

function unusedIngress({ inventory, facts }: Observation): Finding[] {
    const backends = new Map(
        inventory.loadBalancers.flatMap((balancer) => balancer.backends).map((backend) => [backend.name, backend]),
    );
    return [...backends.values()].flatMap((backend) => {
        const hosts = inventory.loadBalancers
            .map(({ host }) => host)
            .filter((host) => {
                const servers = valueOf(facts.balancers[host]) ?? [];
                return isUnused(
                    backend,
                    servers.filter((server) => server.backend === backend.name),
                );
            });
        if (hosts.length === 0) return [];
        return [
            warning({
                subject: `backend ${backend.name}`,
                found: `no server is up on ${hosts.join(" and ")}`,
                expected: "an ingress proxy on the ingress hosts",
                next: "install one, or write endpoint.ingress: [] if none is meant",
            }),
        ];
    });
}

function onServer(
    host: string,
    backend: Backend,
    declared: Backend["servers"][number],
    live: readonly BalancerServer[],
): Finding[] {
    const label = `${backend.name}/${declared.name}`;
    const server = live.find(({ name }) => name === declared.name);
    if (server === undefined) return [drifted(host, `HAProxy has no server ${label}`)];
    if (server.address !== declared.address || server.port !== declared.port) {
        return [
            drifted(
                host,
                `server ${label} is at ${server.address}:${server.port} and not at ${declared.address}:${declared.port}`,
            ),
        ];
    }
    if (server.administrative !== "ready") {
        return [
            problem({
                subject: host,
                found: `server ${label} is set to ${server.administrative}`,
                expected: "ready, while nobody works on its host",
                next: `if no maintenance is running: echo "set server ${label} state ready" | socat - the admin socket`,
            }),
        ];
    }
    if (server.operational === "up") return [];
    return [
        problem({
            subject: host,
            found: `server ${label} is ${server.operational}${server.lastCheck === "" ? "" : ` (${server.lastCheck})`}`,
            expected: "up",
            next: `look at ${declared.name}; if it is well, at the way from ${host} to ${declared.address}:${declared.port}`,
        }),
    ];
}

function drifted(host: string, found: string): Finding {
    return problem({
        subject: host,
        found,
        expected: "the servers of the inventory",
        next: "run `pulumi up`; if that sees nothing to do, `systemctl reload haproxy` on the host",
    });
}
