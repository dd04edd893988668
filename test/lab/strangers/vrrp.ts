import assert from "node:assert/strict";
import { readFileSync, readlinkSync } from "node:fs";
import { hostProcesses, machineCgroups } from "../../../lab/hosts/cgroups";
import { type Finished, finish } from "../../../lab/process";
import { findHost, labNetwork } from "../../../lab/topology";
import type { ClusterLab } from "../clusterLab";

/** Of the lab's cluster, which keeps the default. */
const ROUTER_ID = 51;
const SECONDS = 12;
const BALANCERS = ["lb1", "lb2"];

/**
 * Says to both balancers, and to all of its network, that the sender is the owner of the virtual address: VRRP 3, priority
 * 255, ten times as often as they do. Arguments: source address or `-`, virtual address, router id, seconds, balancers.
 */
const SENDER = `
import socket, struct, sys, time
source, virtual, router, seconds, *targets = sys.argv[1:]
probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, 112)
raw.setsockopt(socket.IPPROTO_IP, socket.IP_HDRINCL, 1)
def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16: total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff
def packet(target):
    probe.connect((target, 9))
    sender = socket.inet_aton(probe.getsockname()[0] if source == "-" else source)
    receiver = socket.inet_aton(target)
    def vrrp(check): return struct.pack("!BBBBHH4s", 0x31, int(router), 255, 1, 5, check, socket.inet_aton(virtual))
    pseudo = struct.pack("!4s4sBBH", sender, receiver, 0, 112, len(vrrp(0)))
    body = vrrp(checksum(pseudo + vrrp(0)))
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0xc0, 20 + len(body), 1, 0, 255, 112, 0, sender, receiver) + body
packets = [(packet(target), target) for target in targets]
end, sent = time.monotonic() + float(seconds), 0
while time.monotonic() < end:
    for data, target in packets:
        try:
            raw.sendto(data, (target, 0))
            sent += 1
        except OSError as error:
            print(error, file=sys.stderr)
    time.sleep(0.05)
print(sent)
`;

/** From where such packets come. */
export interface Stranger {
    /** Words before a program that put it into the stranger's network. */
    readonly enter: readonly string[];
    /** The source address written into the packets; its own when left out. */
    readonly forged?: string;
}

/** A pod on a worker: its network is another than the host's. */
export function podOn(lab: ClusterLab, host: string): readonly string[] {
    const processes = hostProcesses(machineCgroups(), host, lab.state);
    const network = (pid: number) => readlinkSync(`/proc/${pid}/ns/net`);
    const words = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, "utf8");
    const init = processes.find((pid) => words(pid).startsWith("/usr/lib/systemd/systemd\0"));
    const pod = processes.find((pid) => words(pid).startsWith("/agnhost") && init && network(pid) !== network(init));
    assert.ok(pod !== undefined, `no pod with a network of its own on ${host}`);
    return ["nsenter", `--net=/proc/${pod}/ns/net`];
}

/** Sends for a while, and looks at both balancers meanwhile. @returns for each balancer whether it had the address, ten times a second */
export async function sendVrrp(lab: ClusterLab, { enter, forged }: Stranger): Promise<readonly string[]> {
    const targets = [...BALANCERS.map((name) => findHost(name).address), "224.0.0.18"];
    const words = [forged ?? "-", labNetwork.virtualAddress, String(ROUTER_ID), String(SECONDS), ...targets];
    const program = [...enter, "python3", "-c", SENDER, ...words];
    const watch = `for i in $(seq ${SECONDS * 10}); do ip -o addr show to ${labNetwork.virtualAddress} | grep -c . ; sleep 0.1; done | uniq -c`;
    const [sent, ...seen] = await Promise.all([
        run(lab, program, enter.length > 0),
        ...BALANCERS.map((name) => lab.on(name, watch)),
    ]);
    assert.equal(sent.status, 0, sent.stderr);
    assert.ok(Number(sent.stdout) > SECONDS * 10, `sent ${sent.stdout}: ${sent.stderr}`);
    return seen;
}

/** A stranger that has a network of its own needs no way into the lab's. */
function run(lab: ClusterLab, [program = "", ...words]: readonly string[], ownNetwork: boolean): Promise<Finished> {
    return ownNetwork ? finish(program, words) : lab.inNamespace([program, ...words]);
}
