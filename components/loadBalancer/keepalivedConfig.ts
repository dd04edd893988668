import type { ClusterConfig, HostConfig } from "../../model/clusterConfig";
import { PREFERENCE_FILE } from "../../model/preferenceFile";
import { STATUS_PORT } from "./haproxyConfig";

export interface KeepalivedArgs {
    readonly self: HostConfig;
    readonly loadBalancers: readonly HostConfig[];
    readonly endpoint: ClusterConfig["endpoint"];
}

/** Leaves room on both sides for what the preference adds and takes away. */
const PRIORITY = 150;

/**
 * keepalived's configuration: the virtual address follows a HAProxy that answers, not one API server (TRAPS 30). VRRP 3 for
 * intervals below a second; unicast, as many networks drop multicast. The interface is the one that carries the host's own
 * address, filled in on the host.
 *
 * All balancers have the same priority, so the address stays where it is when another one returns: a backup takes it only from
 * a lower priority (RFC 9568, 6.4.2). Unlike `nopreempt`, this lets a number in {@link PREFERENCE_FILE} move it, -1 away and
 * 1 here: then the new owner announces itself while the old one still has the address (TRAPS 70). A boot clears the file.
 */
export function renderKeepalivedConfig({ self, loadBalancers, endpoint }: KeepalivedArgs): string {
    const peers = loadBalancers.filter((host) => host.name !== self.name);
    return `global_defs {
    router_id ${self.name}
    vrrp_version 3
    vrrp_garp_master_refresh 60
    vrrp_garp_master_repeat 3
${checkSource(peers)}    enable_script_security
    script_user root
}

vrrp_script haproxy_answers {
    script "/usr/bin/curl --fail --silent --max-time 1 --output /dev/null http://127.0.0.1:${STATUS_PORT}/healthz"
    interval 1
    timeout 2
    fall 2
    rise 2
}

track_file preference {
    file ${PREFERENCE_FILE}
    weight 50
    init_file 0
}

vrrp_instance api {
    state BACKUP
    interface @INTERFACE@
    virtual_router_id ${endpoint.virtualRouterId}
    priority ${PRIORITY}
    advert_int ${endpoint.advertInterval.milliseconds / 1000}
${unicast(self, peers)}    virtual_ipaddress {
        ${endpoint.address}/32
    }
    track_script {
        haproxy_answers
    }
    track_file {
        preference
    }
}
`;
}

/** keepalived would believe unicast from anybody otherwise (keepalived.conf(5)); the packet filter does not let it come. */
function checkSource(peers: readonly HostConfig[]): string {
    return peers.length === 0 ? "" : "    vrrp_check_unicast_src\n";
}

/** keepalived refuses an empty list of peers; a single balancer has none. */
function unicast(self: HostConfig, peers: readonly HostConfig[]): string {
    if (peers.length === 0) return "";
    const addresses = peers.map((peer) => `        ${peer.address}\n`).join("");
    return `    unicast_src_ip ${self.address}\n    unicast_peer {\n${addresses}    }\n`;
}
