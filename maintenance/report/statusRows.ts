import { inventoryHosts } from "../../model/inventory";
import { valueOf, type Answer } from "../facts/answer";
import { hostOfMember, knownMembers, type Observation } from "../facts/clusterFacts";
import { revisionLag } from "../facts/etcdLag";
import { apiFrontendPort, apiServerPort } from "../facts/topology";
import { alarms } from "../checks/etcdAlarms";
import type { Readiness } from "../ports/apiServer";
import type { EtcdMember } from "../ports/etcdOutput";
import type { ApiServerRow, BalancerServerRow, EtcdRow, HostRow, NodeRow } from "./statusShape";

/** One row a host of the inventory. */
export function hostRows({ inventory, facts }: Observation): HostRow[] {
    return inventory.hosts.map(({ name, role, address }) => {
        const units = facts.units[name];
        return {
            name,
            role,
            address,
            reachable: units?.answered === true,
            error: units?.answered === false ? units.why : null,
            units: valueOf(units) ?? {},
        };
    });
}

/** One row a member, declared ones first: those of the live list, or the declared ones when nobody tells the list. */
export function etcdRows(observation: Observation): EtcdRow[] {
    const { inventory, facts } = observation;
    const live = knownMembers(facts);
    if (live === undefined) return inventory.etcd.members.map(({ host }) => etcdRow(observation, host, undefined));
    const rows = live.map((member) => etcdRow(observation, hostOfMember(inventory, member) ?? null, member));
    const order = [...inventory.hosts.map(({ name }) => name), null];
    const place = (host: string | null) => order.indexOf(host);
    return rows.sort((a, b) => place(a.host) - place(b.host));
}

function etcdRow({ facts }: Observation, host: string | null, member: EtcdMember | undefined): EtcdRow {
    const status = host === null ? undefined : valueOf(facts.etcd.status[host]);
    const health = host === null ? undefined : facts.etcd.health[host];
    return {
        host,
        name: member?.name ?? host ?? "",
        id: member?.id ?? null,
        role: roleOf(member, status?.leaderId),
        healthy: health?.answered === true && health.value.healthy,
        reason: health?.answered === true ? health.value.reason : (health?.why ?? ""),
        revision: status?.revision ?? null,
        revisionLag: host === null ? null : (revisionLag(facts.etcd, host) ?? null),
        databaseBytes: status?.databaseBytes ?? null,
        databaseBytesInUse: status?.databaseBytesInUse ?? null,
        version: status?.version ?? null,
        alarms: alarms(facts)
            .filter(({ memberId }) => memberId === member?.id)
            .map(({ alarm }) => alarm),
    };
}

function roleOf(member: EtcdMember | undefined, leaderId: string | undefined): EtcdRow["role"] {
    if (member === undefined) return "unknown";
    if (!member.started) return "unstarted";
    if (member.learner) return "learner";
    if (leaderId === undefined) return "unknown";
    return leaderId === member.id ? "leader" : "follower";
}

/** One row a way to the API: `via` is `direct`, `balancer` or `endpoint`. */
export function apiServerRows({ inventory, facts }: Observation): ApiServerRow[] {
    const { direct, throughBalancer, endpoint } = facts.apiServers;
    return [
        ...inventoryHosts(inventory, "control-plane").map(({ name, address }) =>
            apiServerRow("direct", name, address, apiServerPort(inventory, name), direct[name]),
        ),
        ...inventoryHosts(inventory, "load-balancer").map(({ name, address }) =>
            apiServerRow("balancer", name, address, apiFrontendPort(inventory, name), throughBalancer[name]),
        ),
        apiServerRow("endpoint", "endpoint", inventory.endpoint.address, inventory.endpoint.port, endpoint),
    ];
}

function apiServerRow(
    via: ApiServerRow["via"],
    name: string,
    address: string,
    port: number,
    answer: Answer<Readiness> | undefined,
): ApiServerRow {
    const readiness = valueOf(answer);
    return {
        via,
        name,
        address,
        port,
        ready: readiness?.status === 200 && readiness.certificateProblem === "",
        status: readiness?.status ?? null,
        milliseconds: readiness?.milliseconds ?? null,
        error: answer?.answered === false ? answer.why : (readiness?.certificateProblem ?? ""),
    };
}

/** One row a server on a balancer. */
export function balancerRows({ facts }: Observation): BalancerServerRow[] {
    return Object.entries(facts.balancers).flatMap(([host, answer]) =>
        (valueOf(answer) ?? []).map((server) => ({ balancer: host, ...server })),
    );
}

/** One row a node: the live ones, then the declared ones that are missing. */
export function nodeRows({ inventory, facts }: Observation): NodeRow[] {
    const live = valueOf(facts.kubernetes)?.nodes;
    if (live === undefined) return [];
    const declared = inventory.hosts.filter(({ role }) => role !== "load-balancer");
    const missing = declared.filter(({ name }) => !live.some((node) => node.name === name));
    return [
        ...live.map((node) => ({ ...node, present: true, declared: declared.some(({ name }) => name === node.name) })),
        ...missing.map(({ name }) => ({
            name,
            ready: false,
            notReadyReason: "no such node",
            cordoned: false,
            kubeletVersion: "",
            containerRuntimeVersion: "",
            present: false,
            declared: true,
        })),
    ];
}
