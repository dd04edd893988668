import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

const COMPONENTS = path.resolve(__dirname, "../../../components");
const FOLDERS = [
    "artifacts",
    "cluster",
    "command",
    "containerRuntime",
    "controlPlane",
    "host",
    "loadBalancer",
    "network",
    "packetFilter",
    "workers",
];

/** Programs that wait for somebody else: a network, a service, a lock, a disk. */
const WAITING = [
    "apt-get",
    "apt-mark",
    "ctr",
    "curl",
    "dnf",
    "dpkg-query",
    "etcdctl",
    "firewall-cmd",
    "haproxy",
    "ip",
    "iptables",
    "keepalived",
    "kubeadm",
    "kubectl",
    "modprobe",
    "nft",
    "rpm",
    "sysctl",
    "systemctl",
    "tar",
    "timedatectl",
    "ufw",
];
/** What a program may bring along instead: its own limit. */
const OWN_LIMIT = /--(max-time|speed-time|request-timeout|command-timeout)\b/;
const LIMITED = /\b(limited|bounded|timeout) "?[$\w]+"? $|\bwait_for \d+ ("[^"]*"|\S+) $/;

/** Calls of programs that may wait for ever, with the line they are in. */
function endless(script: string): readonly string[] {
    const lines = script.replaceAll("\\\n", " ").split("\n");
    return lines.filter((line) => {
        if (/^\s*#/.test(line)) return false;
        const calls = [...line.matchAll(/(?<=^|[\s(;!])([a-z-]+)(?=\s)/g)].filter(([, name]) =>
            WAITING.includes(name ?? ""),
        );
        return calls.some(({ index }) => {
            const before = line.slice(0, index);
            const isCall =
                /(^|[;({!|&]|\b(then|do|else|if|until|while|with_proxy)|limited \S+|bounded \S+|wait_for \d+ ("[^"]*"|\S+)|\w+=\S*)\s*$/.test(
                    before,
                );
            return isCall && !LIMITED.test(before) && !OWN_LIMIT.test(line.slice(index));
        });
    });
}

describe("the commands of steps", () => {
    it("are told apart as this test expects", () => {
        assert.deepEqual(endless("with_proxy curl x || refuse y").length, 1);
        assert.deepEqual(endless("with_proxy limited 60 curl x || refuse y"), []);
        assert.deepEqual(endless("curl --fail x"), ["curl --fail x"]);
        assert.deepEqual(endless("x=$(kubectl get y) || true").length, 1);
        assert.deepEqual(endless("    is_changed /a && systemctl daemon-reload").length, 1);
        assert.deepEqual(endless("limited 60 systemctl start x\n# curl x\nset_up ctr x"), []);
        assert.deepEqual(endless('wait_for 20 "ctr to answer" ctr version\ncurl --max-time 3 x'), []);
    });

    for (const folder of FOLDERS) {
        const scripts = readdirSync(path.join(COMPONENTS, folder)).filter((name) => name.endsWith(".sh"));
        for (const name of scripts) {
            it(`have a limit in ${folder}/${name}`, () => {
                assert.deepEqual(endless(readFileSync(path.join(COMPONENTS, folder, name), "utf8")), []);
            });
        }
    }
});
