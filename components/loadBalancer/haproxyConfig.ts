import {
    type ClusterConfig,
    type HealthCheck,
    type HostConfig,
    hostsWithRole,
    ingressHosts,
} from "../../model/clusterConfig";
import type { Duration } from "../../model/duration";
import { STATUS_PORT } from "../../model/clusterRules";
import { PORTS } from "../../model/ports";

export const ADMIN_SOCKET = "/run/haproxy/admin.sock";
export { STATUS_PORT };

export interface Server {
    readonly name: string;
    readonly address: string;
    readonly port: number;
}

export interface Backend {
    readonly name: string;
    readonly purpose: "api" | "ingress";
    /** `tcp` passes bytes through; `http` reads requests and can send one anew. */
    readonly mode: "tcp" | "http";
    readonly servers: readonly Server[];
    /** HTTP path that says 200 while the server can take requests; a TCP connection is the check without it. */
    readonly checkPath?: string;
    readonly checkOverTls: boolean;
    /** How long a server may leave a request unanswered, in `http` mode. */
    readonly responseTimeout?: Duration;
}

export interface Frontend {
    readonly name: string;
    readonly port: number;
    readonly backend: Backend;
}

type BalancedConfig = Pick<ClusterConfig, "endpoint" | "hosts"> & ClusterConfig;

/** What the load balancers listen on and where it goes: the API first, then each ingress port. */
export function frontends(config: BalancedConfig): readonly Frontend[] {
    const api: Backend = {
        name: "k8s-api",
        purpose: "api",
        mode: "tcp",
        servers: hostsWithRole(config, "control-plane").map((host) => server(host, PORTS.apiServer)),
        checkPath: "/readyz",
        checkOverTls: true,
    };
    const ingress = config.endpoint.ingress.map(({ name, port, targetPort, protocol, checkPath, responseTimeout }) => ({
        name,
        port,
        backend: {
            name,
            purpose: "ingress" as const,
            mode: protocol,
            ...(protocol === "http" ? { responseTimeout } : {}),
            servers: ingressHosts(config).map((host) => server(host, targetPort ?? port)),
            ...(checkPath === undefined ? {} : { checkPath }),
            checkOverTls: false,
        },
    }));
    return [{ name: "k8s-api", port: config.endpoint.port, backend: api }, ...ingress];
}

function server(host: HostConfig, port: number): Server {
    return { name: host.name, address: host.address, port };
}

/**
 * HAProxy's whole configuration, the tight profile: a hung server is out after about fall x (timeout + interval).
 *
 * The API goes through as TCP: clients keep their certificates and HTTP/2. A server that is out has its sessions cut, because
 * client-go would hold on to them for 45 s (TRAPS 21); streams live for `streamTimeout` (TRAPS 22).
 *
 * Ingress sessions are never cut by a check: a proxy that says it is leaving still answers what it has accepted. A dead one
 * is noticed by TCP instead (DEAD_PEER), and in `http` mode its requests go to another server if they may be sent twice.
 *
 * Servers are addressed by number, so nothing is resolved at start (TRAPS 20). Connections are bounded by the host's own
 * limit of open files, of which HAProxy takes at most 100,000.
 */
export function renderHaproxyConfig(config: BalancedConfig): string {
    const { connectTimeout, streamTimeout, apiCheck } = config.endpoint;
    const sections = [
        `global
    log /dev/log local0 notice
    stats socket ${ADMIN_SOCKET} mode 660 level admin expose-fd listeners
    stats timeout 30s
    fd-hard-limit 100000
    user haproxy
    group haproxy`,
        `defaults
    mode tcp
    log global
    option dontlognull
    option clitcpka
    option srvtcpka
    option redispatch 1
    retries 3
    timeout connect ${connectTimeout}
    timeout client ${streamTimeout}
    timeout server ${streamTimeout}
    timeout tunnel ${streamTimeout}
    timeout check ${apiCheck.timeout}`,
        `frontend status
    mode http
    bind :${STATUS_PORT}
    timeout client 5s
    monitor-uri /healthz
    http-request use-service prometheus-exporter if { path /metrics }`,
        ...frontends(config).flatMap((frontend) => [
            renderFrontend(frontend),
            renderBackend(frontend.backend, apiCheck),
        ]),
    ];
    return `${sections.join("\n\n")}\n`;
}

/** A peer that acknowledges nothing for about 3 s is dead, whether data or only keep-alives are under way. */
const DEAD_PEER = ["srvtcpka-idle 1s", "srvtcpka-intvl 1s", "srvtcpka-cnt 3"];
const DEAD_PEER_TIMEOUT = "tcp-ut 3s";

function renderFrontend({ name, port, backend }: Frontend): string {
    const lines = [`frontend ${name}`, `    bind :${port}`];
    if (backend.mode === "http") lines.push(...httpFrontend(backend));
    return [...lines, `    default_backend ${backend.name}`].join("\n");
}

function httpFrontend({ responseTimeout }: Backend): string[] {
    return [
        "    mode http",
        "    option forwardfor",
        "    http-request set-header X-Forwarded-Proto http",
        "    timeout http-request 10s",
        `    timeout client ${responseTimeout}`,
    ];
}

function renderBackend(backend: Backend, check: HealthCheck): string {
    const httpCheck =
        backend.checkPath === undefined
            ? []
            : [`    option httpchk GET ${backend.checkPath}`, "    http-check expect status 200"];
    return [
        `backend ${backend.name}`,
        ...(backend.mode === "http" ? httpBackend(backend) : []),
        "    balance leastconn",
        ...httpCheck,
        ...(backend.purpose === "ingress" ? DEAD_PEER.map((line) => `    ${line}`) : []),
        `    default-server ${serverOptions(backend, check).join(" ")}`,
        ...backend.servers.map(({ name, address, port }) => `    server ${name} ${address}:${port}`),
    ].join("\n");
}

/** Requests that RFC 9110 (9.2.1) calls safe are sent to another server when theirs closed without an answer. */
function httpBackend({ responseTimeout }: Backend): string[] {
    return [
        "    mode http",
        `    timeout server ${responseTimeout}`,
        "    retry-on conn-failure empty-response",
        "    http-request disable-l7-retry unless { method GET HEAD OPTIONS }",
    ];
}

function serverOptions({ purpose, checkOverTls }: Backend, { interval, fall, rise }: HealthCheck): string[] {
    return [
        "check",
        ...(checkOverTls ? ["check-ssl verify none"] : []),
        `inter ${interval} fall ${fall} rise ${rise}`,
        purpose === "api" ? "on-marked-down shutdown-sessions" : DEAD_PEER_TIMEOUT,
    ];
}
