import { ConfigError } from "../../model/configError";
import type { ClusterInventory } from "../../model/inventory";
import type { HttpTarget, Question, Target } from "./target";

/** What is to be probed, and how often. Rates are requests a second. */
export interface ProbePlan {
    /** Address of an application behind the ingress, as users write it; no ingress traffic when left out. */
    readonly ingressUrl: string | undefined;
    /** Host header, where the address is not the application's name. */
    readonly ingressHost: string | undefined;
    /** Over the endpoint: half on new connections, half on kept ones. */
    readonly ingressRate: number;
    /** Reads and writes, new and kept connections: a quarter each; 0 leaves the API out. */
    readonly apiRate: number;
    /** Each ingress server and each API server, directly. */
    readonly backendRate: number;
}

/** Kept connections of a target: enough that one on a healthy backend does not hide the others. */
const KEPT = 4;
const API_KEPT = 3;

/** Ingress through the endpoint, and each of its servers directly. @throws ConfigError when the address is no HTTP URL */
export function ingressTargets(inventory: ClusterInventory, plan: ProbePlan): HttpTarget[] {
    if (plan.ingressUrl === undefined) return [];
    const question = questionOf(plan.ingressUrl, plan.ingressHost);
    const half = { kind: "ingress", rate: plan.ingressRate / 2, counted: true, question } as const;
    return [
        { ...half, name: "ingress/new", connection: "new", channels: 1 },
        { ...half, name: "ingress/reused", connection: "reused", channels: KEPT },
        ...serversBehind(inventory, question.port).map(({ name, address, port }) => ({
            ...directly(`backend/${name}`, plan),
            kind: "ingress" as const,
            question: {
                ...question,
                host: address,
                port,
                headers: { ...question.headers, host: question.headers.host ?? hostHeader(question) },
                ...(question.secure && { servername: question.servername ?? question.host }),
            },
        })),
    ];
}

/** Reads and writes through the endpoint. The watch has no rate: it expects one event for each write. */
export function apiTargets(plan: ProbePlan): Target[] {
    if (plan.apiRate === 0) return [];
    const quarter = { rate: plan.apiRate / 4, counted: true } as const;
    const fresh = { connection: "new", channels: 1 } as const;
    const kept = { connection: "reused", channels: API_KEPT } as const;
    return [
        { ...quarter, ...fresh, name: "api-read/new", kind: "api-read" },
        { ...quarter, ...kept, name: "api-read/reused", kind: "api-read" },
        { ...quarter, ...fresh, name: "api-write/new", kind: "api-write" },
        { ...quarter, ...kept, name: "api-write/reused", kind: "api-write" },
        { name: "api-watch", kind: "api-watch", connection: "reused", channels: 1, rate: 0, counted: true },
    ];
}

/** `/readyz` of each API server directly. It says no on purpose while a server leaves, so it only informs (TRAPS 69). */
export function readinessTargets(inventory: ClusterInventory, plan: ProbePlan): HttpTarget[] {
    if (plan.apiRate === 0) return [];
    return backendServers(inventory, "api").map(({ name, address, port }) => ({
        ...directly(`readyz/${name}`, plan),
        kind: "readyz",
        question: { secure: true, host: address, port, path: "/readyz", headers: {} },
    }));
}

function directly(name: string, { backendRate }: ProbePlan) {
    return { name, connection: "new", channels: 1, rate: backendRate, counted: false } as const;
}

function questionOf(text: string, host: string | undefined): Question {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol)) {
        throw new ConfigError("command line", [
            { path: "--ingress-url", message: `${text} is no address; write for example http://10.89.0.10/` },
        ]);
    }
    const secure = url.protocol === "https:";
    return {
        secure,
        host: url.hostname.replace(/^\[|\]$/g, ""),
        port: Number(url.port || (secure ? 443 : 80)),
        path: `${url.pathname}${url.search}`,
        headers: host === undefined ? {} : { host },
        ...(secure && host !== undefined && { servername: host.replace(/:\d+$/, "") }),
    };
}

function hostHeader({ secure, host, port }: Question): string {
    const name = host.includes(":") ? `[${host}]` : host;
    return port === (secure ? 443 : 80) ? name : `${name}:${port}`;
}

type Server = ClusterInventory["loadBalancers"][number]["backends"][number]["servers"][number];

/** Servers of the ingress backend whose frontend listens on the port. */
function serversBehind(inventory: ClusterInventory, port: number): Server[] {
    const names = inventory.loadBalancers
        .flatMap(({ frontends }) => frontends)
        .filter((frontend) => frontend.port === port)
        .map(({ backend }) => backend);
    return backendServers(inventory, "ingress", names);
}

/** Each server once: all balancers have the same. */
function backendServers(inventory: ClusterInventory, purpose: "api" | "ingress", names?: readonly string[]): Server[] {
    const servers = inventory.loadBalancers
        .flatMap(({ backends }) => backends)
        .filter((backend) => backend.purpose === purpose && (names?.includes(backend.name) ?? true))
        .flatMap((backend) => backend.servers);
    return [...new Map(servers.map((server) => [`${server.address}:${server.port}`, server])).values()];
}
