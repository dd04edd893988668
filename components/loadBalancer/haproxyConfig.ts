import {
    type ClusterConfig,
    type HealthCheck,
    type HostConfig,
    hostsWithRole,
    ingressHosts,
} from "../../model/clusterConfig";
import { STATUS_PORT } from "../../model/clusterRules";

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
    readonly servers: readonly Server[];
    /** HTTP path that says 200 while the server can take requests; a TCP connection is the check without it. */
    readonly checkPath?: string;
    readonly checkOverTls: boolean;
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
        servers: hostsWithRole(config, "control-plane").map((host) => server(host, 6443)),
        checkPath: "/readyz",
        checkOverTls: true,
    };
    const ingress = config.endpoint.ingress.map(({ name, port, targetPort, checkPath }) => ({
        name,
        port,
        backend: {
            name,
            purpose: "ingress" as const,
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
 * HAProxy's whole configuration, the tight profile: a hung server is out after about fall x (timeout + interval), and its
 * sessions are cut then, because client-go would hold on to them for 45 s (TRAPS 21).
 *
 * TCP all the way: API clients keep their certificates and HTTP/2. Streams live for `streamTimeout` (TRAPS 22). Servers
 * are addressed by number, so nothing is resolved at start (TRAPS 20). Connections are bounded by the host's own limit of
 * open files, of which HAProxy takes at most 100,000.
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

function renderFrontend({ name, port, backend }: Frontend): string {
    return `frontend ${name}\n    bind :${port}\n    default_backend ${backend.name}`;
}

function renderBackend(backend: Backend, { interval, fall, rise }: HealthCheck): string {
    const httpCheck =
        backend.checkPath === undefined
            ? []
            : [`    option httpchk GET ${backend.checkPath}`, "    http-check expect status 200"];
    const tls = backend.checkOverTls ? " check-ssl verify none" : "";
    return [
        `backend ${backend.name}`,
        "    balance leastconn",
        ...httpCheck,
        `    default-server check${tls} inter ${interval} fall ${fall} rise ${rise} on-marked-down shutdown-sessions`,
        ...backend.servers.map(({ name, address, port }) => `    server ${name} ${address}:${port}`),
    ].join("\n");
}
