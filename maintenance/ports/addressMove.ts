import { PREFERENCE_FILE } from "../../model/preferenceFile";
import { loopFor } from "./loopFor";
import { endQuietly } from "./quietConnections";

/**
 * What a move of the virtual address needs on its two balancers, as shell. keepalived moves it by priority, so the new owner
 * announces it before the old one lets go (TRAPS 70). Packets of connections that the old owner has accepted arrive at the new
 * one from then on; it would reset them. Instead it passes them on, and the old owner, which keeps the address without
 * announcing it, answers the clients directly until those connections have ended.
 */

/** How the kernel treated ARP before us, for the way back. */
const ARP_FILE = "/run/quorate-vrrp.arp";
const TABLE = "quorate_address_move";
/** The new owner stops passing on by itself, should nobody come back to tell it. */
const PASS_ON_SECONDS = 900;
const CLEANUP_UNIT = "quorate-address-move-end";

/** The address, and where its clients end by themselves. */
export interface MovingAddress {
    readonly address: string;
    readonly apiPort: number;
    /** HAProxy's, the same on every balancer. */
    readonly adminSocket: string;
    /** Ports of HTTP frontends, whose connections end by themselves. */
    readonly ingressPorts: readonly number[];
}

/** -1 gives the address away, 1 takes it, 0 leaves it with whoever has it. */
export type Preference = -1 | 0 | 1;

/** Tells keepalived; it reads the file at once. */
export function preferenceScript(preference: Preference): string {
    return `echo ${preference} >${PREFERENCE_FILE}`;
}

/** Fails, in words, when the host could not serve the address. */
export function successorScript(): string {
    return `
for unit in haproxy keepalived; do
    systemctl is-active --quiet $unit || { echo "$unit is not active" >&2; exit 1; }
done
[ -e ${PREFERENCE_FILE} ] || { echo "keepalived does not follow ${PREFERENCE_FILE}; run pulumi up to bring its configuration" >&2; exit 1; }`;
}

/** Which interface has the balancer's own address, and so carries the virtual one. */
function interfaceOf(hostAddress: string): string {
    return `interface=$(ip -o -4 addr show to ${hostAddress} | awk '{ print $2; exit }')
[ -n "$interface" ] || { echo "no interface has ${hostAddress}" >&2; exit 1; }`;
}

/**
 * On the new owner, before the address comes: TCP packets to it that open no connection and belong to none that was opened
 * here go to the old owner unchanged. nft's \`dup\` needs no forwarding between interfaces to be allowed.
 */
export function passOnScript({ address }: MovingAddress, self: string, oldOwner: string): string {
    return `set -e
${interfaceOf(self)}
nft -f - <<RULES
table ip ${TABLE}
delete table ip ${TABLE}
table ip ${TABLE} {
    chain prerouting {
        type filter hook prerouting priority mangle; policy accept;
        ip daddr ${address} tcp flags & (fin | syn | rst | ack) != syn ct state { new, invalid } dup to ${oldOwner} device "$interface" drop
    }
}
RULES
systemctl stop ${CLEANUP_UNIT}.timer 2>/dev/null || true
systemd-run --quiet --collect --unit=${CLEANUP_UNIT} --on-active=${PASS_ON_SECONDS} --timer-property=AccuracySec=1s nft delete table ip ${TABLE}`;
}

/** On the new owner, when the old one's connections have ended. */
export function stopPassingOnScript(): string {
    return `systemctl stop ${CLEANUP_UNIT}.timer 2>/dev/null
nft delete table ip ${TABLE} 2>/dev/null || true`;
}

/**
 * On the old owner, before the address goes: it stays valid for connections that exist, and ARP questions for it are answered
 * only while it is on the interface (kernel.org, ip-sysctl: arp_ignore 1, arp_announce 2).
 */
export function keepServingScript({ address }: MovingAddress, self: string): string {
    return `set -e
${interfaceOf(self)}
arp=/proc/sys/net/ipv4/conf/$interface
[ -e ${ARP_FILE} ] || cat $arp/arp_ignore $arp/arp_announce >${ARP_FILE}
echo 1 >$arp/arp_ignore
echo 2 >$arp/arp_announce
ip addr replace ${address}/32 dev lo scope host`;
}

/** On the old owner, when it has no connection of the address any more, or gets it back. */
export function stopServingScript({ address }: MovingAddress, self: string): string {
    return `${interfaceOf(self)}
ip addr del ${address}/32 dev lo 2>/dev/null
[ -e ${ARP_FILE} ] || exit 0
arp=/proc/sys/net/ipv4/conf/$interface
{ read -r ignore; read -r announce; } <${ARP_FILE}
echo "$ignore" >$arp/arp_ignore
echo "$announce" >$arp/arp_announce
rm -f ${ARP_FILE}`;
}

/**
 * The API passes through as bytes, so HAProxy cannot tell its clients to leave. Clients open their connections anew, at the new
 * owner.
 */
function endApiConnections({ address, apiPort, adminSocket }: MovingAddress, seconds: number): string {
    return endQuietly({ adminSocket, sockets: `src ${address} and sport = :${apiPort}`, sessions: "", seconds });
}

/**
 * A reload leaves the old HAProxy process with its connections: idle ones are closed, answers say \`Connection: close\`
 * (HAProxy management guide, "Stopping and restarting").
 */
function endIngressConnections({ address, ingressPorts }: MovingAddress, seconds: number): string {
    if (ingressPorts.length === 0) return "";
    const ports = ingressPorts.map((port) => `sport = :${port}`).join(" or ");
    return `
systemctl reload haproxy
${loopFor(seconds)}
    left=$(ss -Htn state established state fin-wait-1 "src ${address} and ( ${ports} )" | wc -l)
    [ "$left" = 0 ] && break
    sleep 0.2
done`;
}

/**
 * On the old owner, when new connections go to the new one. API connections first: the socket that knows them belongs to the
 * new process after a reload. What is left after the time ends with a FIN by a restart. Prints how many those were.
 */
export function endConnectionsScript(moving: MovingAddress, apiSeconds: number, ingressSeconds: number): string {
    return `set -e${endApiConnections(moving, apiSeconds)}${endIngressConnections(moving, ingressSeconds)}
left=$(ss -Htn state established "src ${moving.address}" | wc -l)
[ "$left" = 0 ] || systemctl restart haproxy
echo "$left"`;
}
