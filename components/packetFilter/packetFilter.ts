import type { HostConfig } from "../../model/clusterConfig";
import { type HostFile, LIBRARY_DIRECTORY, loadScript } from "../command/hostScript";

const RULES_FILE = `${LIBRARY_DIRECTORY}/firewall.nft`;
/** Of our own, so that nobody else's rules are touched, and a reset can take it away as a whole. */
const TABLE = "inet quorate";
/** VRRP's number among IP protocols (IANA). nft calls it by name only where /etc/protocols does. */
const VRRP = 112;

/** What a step of {@link packetFilterFiles} runs before its own work: loads the rules, now and at every boot. */
export function packetFilterBody(): string {
    return loadScript(__dirname, "packetFilter.sh");
}

/** The rules and the unit that loads them at every boot. */
export function packetFilterFiles(rules: string): readonly HostFile[] {
    return [
        { path: RULES_FILE, mode: "0644", content: rules },
        { path: "/etc/systemd/system/quorate-firewall.service", mode: "0644", content: UNIT },
    ];
}

/**
 * On a load balancer: VRRP from the other balancers only, whoever claims whatever priority (TRAPS 75). They send with a time
 * to live of 255, which every router takes one off (RFC 9568, 5.1.1.3; RFC 5082): so a packet that a node has passed on for
 * a pod is none of theirs, even with their address in it.
 *
 * A host of the same network that takes a balancer's own address is not kept away: it could take the virtual address, too,
 * with no VRRP at all. That is for the switch.
 */
export function balancerRules(peers: readonly HostConfig[]): string {
    const addresses = peers.map(({ address }) => address).join(", ");
    const fromPeers = addresses === "" ? [] : [`ip protocol ${VRRP} ip saddr { ${addresses} } ip ttl 255 accept`];
    return table({ "vrrp-in": { hook: "input", rules: [...fromPeers, `meta l4proto ${VRRP} drop`] } });
}

/**
 * On a node: no VRRP of a pod leaves it or reaches it. VRRP is for one network and never passed on, so nothing else is lost
 * by the first rule, whatever the pod network. A pod on the host's own network cannot write to the balancers either; other
 * VRRP of the host itself stays as it is.
 */
export function nodeRules(balancers: readonly HostConfig[]): string {
    const addresses = balancers.map(({ address }) => address).join(", ");
    return table({
        "vrrp-from-pods": { hook: "forward", rules: [`meta l4proto ${VRRP} drop`] },
        "vrrp-to-node": { hook: "input", rules: [`iifname "cni0" meta l4proto ${VRRP} drop`] },
        ...(addresses === ""
            ? {}
            : {
                  "vrrp-to-balancers": {
                      hook: "output",
                      rules: [`ip protocol ${VRRP} ip daddr { ${addresses} } drop`],
                  },
              }),
    });
}

interface Chain {
    readonly hook: "input" | "forward" | "output";
    readonly rules: readonly string[];
}

/** One transaction that replaces the table; before the chains of others at the same hook, which still see what passes. */
function table(chains: Readonly<Record<string, Chain>>): string {
    const lines = Object.entries(chains).map(
        ([name, { hook, rules }]) => `    chain ${name} {
        type filter hook ${hook} priority -10; policy accept;
${rules.map((rule) => `        ${rule}\n`).join("")}    }\n`,
    );
    return `table ${TABLE}\ndelete table ${TABLE}\ntable ${TABLE} {\n${lines.join("")}}\n`;
}

/**
 * Early, before any service that listens. nftables.service empties the whole packet filter when it starts, stops or reloads
 * (its own nftables.conf: `flush ruleset`), so the rules are loaded after it, and again whenever it does:
 * `PartOf` passes on a stop and a restart, `WantedBy` a start.
 */
const UNIT = `[Unit]
Description=quorate's packet filter
DefaultDependencies=no
Wants=network-pre.target
After=local-fs.target systemd-modules-load.service nftables.service
Before=network-pre.target keepalived.service containerd.service kubelet.service shutdown.target
Conflicts=shutdown.target
PartOf=nftables.service
ReloadPropagatedFrom=nftables.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=nft -f ${RULES_FILE}
ExecReload=nft -f ${RULES_FILE}

[Install]
WantedBy=multi-user.target nftables.service
`;
