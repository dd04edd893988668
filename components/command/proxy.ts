import type { ClusterConfig } from "../../model/clusterConfig";

type Proxied = Pick<ClusterConfig, "endpoint" | "network" | "proxy">;

/**
 * Variables for everything that goes through the site's proxy: downloads, packages, containerd, and the static pods that
 * kubeadm writes them into; empty without one. What is in the cluster is dialled directly: addresses of hosts, pods and
 * services, the endpoint, names of services. Names of hosts are not in it, because nothing dials them: they would restart
 * every API server with each host that comes.
 */
export function proxyEnvironment({ endpoint, network, proxy }: Proxied): readonly string[] {
    if (proxy.http === undefined && proxy.https === undefined) return [];
    const none = [
        "localhost",
        "127.0.0.1",
        network.hosts,
        network.pods,
        network.services,
        ".svc",
        `.${network.domain}`,
        endpoint.address,
        ...proxy.none,
    ];
    return [
        ...(proxy.http === undefined ? [] : [`http_proxy=${proxy.http}`]),
        ...(proxy.https === undefined ? [] : [`https_proxy=${proxy.https}`]),
        `no_proxy=${[...new Set(none.map(String))].join(",")}`,
    ];
}

/** The same for a unit of systemd; a file that is not there without a proxy. */
export function proxyDropIn(unit: string, environment: readonly string[]) {
    if (environment.length === 0) return [];
    const lines = environment.map((variable) => `Environment="${variable}"\n`);
    return [{ path: proxyDropInPath(unit), mode: "0644", content: `[Service]\n${lines.join("")}` }];
}

export function proxyDropInPath(unit: string): string {
    return `/etc/systemd/system/${unit}.d/10-proxy.conf`;
}
