import type { InventoryHost } from "../../../model/inventory";
import type { BalancerView, ServerView } from "./rebootPorts";
import { stays, type GateView, type Rule } from "./objection";

/** What every balancer is asked to do must be possible on every balancer. */
export const balancersAnswer: Rule = (view) =>
    view.facts.balancers
        .filter(({ balancer, unreachable }) => unreachable !== "" && stays(view, balancer))
        .map(
            ({ balancer, unreachable }) =>
                `the balancer on ${balancer} does not answer (${unreachable}): see \`systemctl status haproxy\` there`,
        );

/** A balancer without a server would refuse what is set for it, in the middle of a turn. One that goes reads its file anew. */
export const balancersAreAsDeclared: Rule = (view) =>
    view.facts.balancers
        .filter(({ balancer, unreachable }) => unreachable === "" && stays(view, balancer))
        .flatMap(({ balancer, servers }) => {
            const live = servers.map(({ backend, host }) => `${backend}/${host}`);
            const declared = view.facts.inventory.loadBalancers
                .filter(({ host }) => host === balancer)
                .flatMap(({ backends }) => backends)
                .flatMap((backend) => backend.servers.map(({ name }) => `${backend.name}/${name}`));
            return declared
                .filter((server) => !live.includes(server))
                .map((server) => `the balancer on ${balancer} has no server ${server}: run \`pulumi up\``);
        });

/** The address that clients dial is with one balancer; beside a second owner each of them gets a part of the packets. */
export const addressHasOneOwner: Rule = ({ facts: { inventory, addressOwner } }) => {
    const { kind, address } = inventory.endpoint;
    if (kind === "external" || addressOwner !== undefined) return [];
    return [
        `nobody has the virtual address ${address}, or several load balancers have: see \`journalctl -u keepalived\` on them, and let VRRP (protocol 112) through between them`,
    ];
};

/** While a balancer is out, another one carries the address. */
export const anotherBalancerServes: Rule = (view) => {
    const { inventory, balancers } = view.facts;
    const leaving = inventory.loadBalancers.filter(({ host }) => !stays(view, host));
    if (leaving.length === 0) return [];
    const serving = balancers.filter(({ balancer, unreachable }) => stays(view, balancer) && unreachable === "");
    if (serving.length > 0) return [];
    return [`${leaving.map(({ host }) => host).join(", ")} is the only load balancer that serves: add a second one`];
};

/** Of the servers that stay, the API's and the ingress's are up everywhere, and there is one at least. */
export const otherServersAreUp: Rule = (view) => [
    ...serving(view, "api", ({ role }) => role === "control-plane"),
    ...serving(view, "ingress", ({ ingress }) => ingress),
];

/** Nobody else has taken the servers out that we would take out and put back. Asked before anything is touched. */
export const leavingServersAreReady: Rule = (view) =>
    view.facts.balancers
        .flatMap(({ servers }) => servers)
        .filter(({ host, administrative }) => !stays(view, host) && administrative !== "ready")
        .flatMap(serverObjections);

/** Ingress servers go one at a time. */
export const oneIngressAtATime: Rule = (view) => {
    const leaving = view.facts.inventory.hosts.filter(({ name, ingress }) => ingress && !stays(view, name));
    const names = leaving.map(({ name }) => name).join(" and ");
    return leaving.length > 1 ? [`${names} would be out together: ingress hosts go one at a time`] : [];
};

function serving(view: GateView, purpose: ServerView["purpose"], carries: (host: InventoryHost) => boolean): string[] {
    const { inventory, balancers } = view.facts;
    const carriers = inventory.hosts.filter(carries).map(({ name }) => name);
    const leaves = carriers.some((name) => !stays(view, name));
    return balancers
        .filter(({ balancer, unreachable }) => unreachable === "" && stays(view, balancer))
        .flatMap((balancer) => {
            const all = balancer.servers.filter((server) => server.purpose === purpose);
            if (purpose === "ingress" && all.length > 0 && all.every(isAbsent)) return [noIngress(balancer)];
            const others = all.filter((server) => stays(view, server.host));
            return [
                ...others.flatMap((server) => serverObjections(server)),
                ...(leaves && all.length > 0 && others.length === 0
                    ? [`${balancer.balancer} has no other ${purpose} server to send requests to: add one`]
                    : []),
            ];
        });
}

function isAbsent({ up, administrative }: ServerView): boolean {
    return !up && administrative === "ready";
}

function noIngress({ balancer }: BalancerView): string {
    return `no ingress server is up on ${balancer}: install the ingress proxy, or write endpoint.ingress: [] if none is meant`;
}

function serverObjections({ balancer, backend, host, administrative, up }: ServerView): string[] {
    const name = `server ${backend}/${host} on ${balancer}`;
    if (administrative !== "ready") {
        return [
            `${name} was set to ${administrative} by somebody else: wait for them, or run \`echo "set server ${backend}/${host} state ready" | socat - <admin socket>\` there`,
        ];
    }
    return up ? [] : [`${name} is down: mend it`];
}
