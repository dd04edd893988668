import type { Paint } from "./paint";
import type { StatusReport } from "./statusShape";

/** What a table shows in one place. */
export type Cell = string | number;

/** One table of the report. */
export interface Section {
    readonly title: string;
    columns(report: StatusReport): readonly string[];
    rows(report: StatusReport, paint: Paint): readonly Cell[][];
}

const NONE = "-";

/** The tables of `quorate status` from the ground up. */
export const SECTIONS: readonly Section[] = [
    {
        title: "Hosts",
        columns: () => ["host", "role", "address", "ssh", "services"],
        rows: ({ hosts }, paint) =>
            hosts.map(({ name, role, address, reachable, units }) => [
                name,
                role,
                address,
                state(reachable, "ok", "no answer", paint),
                Object.entries(units)
                    .map(([unit, unitState]) => (unitState === "active" ? unit : paint.bad(`${unit} ${unitState}`)))
                    .join(", ") || NONE,
            ]),
    },
    {
        title: "etcd",
        columns: () => ["member", "role", "health", "behind", "database", "in use", "alarms"],
        rows: ({ etcd }, paint) =>
            etcd.map((member) => [
                member.host ?? `${member.name || member.id} (undeclared)`,
                member.role,
                state(member.healthy, "healthy", "not healthy", paint),
                member.revisionLag ?? NONE,
                mebibytes(member.databaseBytes),
                mebibytes(member.databaseBytesInUse),
                member.alarms.map(paint.bad).join(", ") || NONE,
            ]),
    },
    {
        title: "API servers",
        columns: () => ["asked", "at", "/readyz", "ms"],
        rows: ({ apiServers }, paint) =>
            apiServers.map(({ via, name, address, port, ready, status, milliseconds }) => [
                via === "balancer" ? `through ${name}` : name,
                `${address}:${port}`,
                state(ready, "ready", status === null ? "no answer" : `${status}`, paint),
                milliseconds ?? NONE,
            ]),
    },
    {
        title: "Balancer servers",
        columns: (report) => ["server", ...balancersOf(report)],
        rows: (report, paint) =>
            unique(report.balancerServers.map(serverLabel)).map((label) => [
                label,
                ...balancersOf(report).map((balancer) => {
                    const server = report.balancerServers.find(
                        (one) => one.balancer === balancer && serverLabel(one) === label,
                    );
                    return server === undefined ? paint.bad("missing") : serverCell(server, paint);
                }),
            ]),
    },
    {
        title: "Leaders",
        columns: () => ["what", "who", "renewed"],
        rows: ({ virtualAddress, leases }, paint) => [
            [`address ${virtualAddress.address}`, virtualAddress.owners.join(", ") || paint.bad("nobody"), NONE],
            ...leases.map(({ name, holder, ageSeconds }) => [
                name,
                holder || paint.bad("nobody"),
                ageSeconds === null ? NONE : `${ageSeconds} s ago`,
            ]),
        ],
    },
    {
        title: "Nodes",
        columns: () => ["node", "ready", "scheduling", "kubelet"],
        rows: ({ nodes }, paint) =>
            nodes.map((node) => [
                node.declared ? node.name : `${node.name} (undeclared)`,
                state(node.ready, "yes", node.present ? "no" : "missing", paint),
                node.cordoned ? paint.warn("cordoned") : "open",
                node.kubeletVersion || NONE,
            ]),
    },
    {
        title: "Versions",
        columns: () => ["component", "declared", "found"],
        rows: ({ versions }, paint) =>
            unique(versions.map(({ component }) => component)).map((component) => {
                const ofComponent = versions.filter((version) => version.component === component);
                return [component, ofComponent[0]?.expected ?? NONE, foundVersions(ofComponent, paint)];
            }),
    },
    {
        title: "Certificates, the soonest to end on each host",
        columns: () => ["host", "days left", "certificate"],
        rows: ({ hosts, certificates }, paint) =>
            hosts.flatMap(({ name }) => {
                const soonest = certificates.find(({ host }) => host === name);
                if (soonest === undefined) return [];
                const { daysLeft, path } = soonest;
                return [[name, daysLeft < 30 ? paint.warn(String(daysLeft)) : daysLeft, path]];
            }),
    },
    {
        title: "DaemonSets",
        columns: () => ["daemonset", "ready", "desired"],
        rows: ({ daemonSets }, paint) =>
            daemonSets.map(({ namespace, name, desired, ready }) => [
                `${namespace}/${name}`,
                ready < desired ? paint.bad(String(ready)) : ready,
                desired,
            ]),
    },
];

function state(good: boolean, yes: string, no: string, paint: Paint): string {
    return good ? paint.good(yes) : paint.bad(no);
}

function mebibytes(bytes: number | null): string {
    return bytes === null ? NONE : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

type ServerRow = StatusReport["balancerServers"][number];

function balancersOf({ balancerServers }: StatusReport): string[] {
    return unique(balancerServers.map(({ balancer }) => balancer));
}

function serverLabel({ backend, name }: ServerRow): string {
    return `${backend}/${name}`;
}

function serverCell({ operational, administrative, lastCheck, sessions }: ServerRow, paint: Paint): string {
    if (administrative !== "ready") return paint.warn(`${administrative}, ${sessions} sessions`);
    if (operational === "up") return `${paint.good("up")}, ${sessions} sessions`;
    return paint.bad(lastCheck === "" ? operational : `${operational} (${lastCheck})`);
}

/** `v1.36.3 on 6 hosts`, and every other version with its hosts by name. */
function foundVersions(versions: StatusReport["versions"], paint: Paint): string {
    return unique(versions.map(({ found }) => found))
        .map((found) => {
            const having = versions.filter((version) => version.found === found);
            if (having[0]?.matches) return `${found} on ${having.length} hosts`;
            return paint.bad(`${found} on ${having.map(({ host }) => host).join(", ")}`);
        })
        .join("; ");
}

function unique<T>(values: readonly T[]): T[] {
    return [...new Set(values)];
}
