import type { ClusterConfig, HostConfig } from "../../model/clusterConfig";
import { STATUS_PORT } from "./haproxyConfig";

export interface KeepalivedArgs {
    readonly self: HostConfig;
    /** All load balancers, in the order of the configuration: the first is preferred when none holds the address. */
    readonly loadBalancers: readonly HostConfig[];
    readonly endpoint: ClusterConfig["endpoint"];
}

/**
 * keepalived's configuration: the virtual address follows a HAProxy that answers, not one API server (TRAPS 30), and stays
 * where it is when the other balancer returns. VRRP 3 for intervals below a second; unicast, as many networks drop
 * multicast. The interface is the one that carries the host's own address, filled in on the host.
 */
export function renderKeepalivedConfig({ self, loadBalancers, endpoint }: KeepalivedArgs): string {
    const place = loadBalancers.findIndex((host) => host.name === self.name);
    const peers = loadBalancers.filter((host) => host.name !== self.name);
    return `global_defs {
    router_id ${self.name}
    vrrp_version 3
    vrrp_garp_master_refresh 60
    vrrp_garp_master_repeat 3
    enable_script_security
    script_user root
}

vrrp_script haproxy_answers {
    script "/usr/bin/curl --fail --silent --max-time 1 --output /dev/null http://127.0.0.1:${STATUS_PORT}/healthz"
    interval 1
    timeout 2
    fall 2
    rise 2
}

vrrp_instance api {
    state BACKUP
    nopreempt
    interface @INTERFACE@
    virtual_router_id ${endpoint.virtualRouterId}
    priority ${200 - 10 * place}
    advert_int ${endpoint.advertInterval.milliseconds / 1000}
${unicast(self, peers)}    virtual_ipaddress {
        ${endpoint.address}/32
    }
    track_script {
        haproxy_answers
    }
}
`;
}

/** keepalived refuses an empty list of peers; a single balancer has none. */
function unicast(self: HostConfig, peers: readonly HostConfig[]): string {
    if (peers.length === 0) return "";
    const addresses = peers.map((peer) => `        ${peer.address}\n`).join("");
    return `    unicast_src_ip ${self.address}\n    unicast_peer {\n${addresses}    }\n`;
}
