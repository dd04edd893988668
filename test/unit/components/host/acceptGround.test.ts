import assert from "node:assert/strict";
import type { ClusterConfigInput } from "../../../../model/clusterConfig";
import { bashHost } from "../bashHost";
import { SPACE, accept, acceptScript, acceptText, acceptable, assertRefused, doors } from "./acceptableHost";

describe("the ground of a host", () => {
    const host = bashHost();
    const stat = (space: string) =>
        `case "$*" in *%T*) echo cgroup2fs ;; *%a*) echo ${space} ;; *) exec /usr/bin/stat "$@" ;; esac`;
    const refusals: readonly (readonly [
        what: string,
        name: string,
        answers: Readonly<Record<string, string>>,
        objection: RegExp,
    ])[] = [
        ["not as root", "w1", { id: "echo 1000" }, /not root; give ssh\.user root/],
        [
            "with little space",
            "lb1",
            { stat: stat("100000 10485760 4096 9 9") },
            /390 MiB free; a load-balancer needs 512/,
        ],
        ["85 % full", "w1", { stat: stat("1572864 10485760 4096 9 9") }, /\/var\/lib is 85 % full; kubelet evicts/],
        ["without inodes", "w1", { stat: stat("5242880 10485760 4096 5 100") }, /5 of 100 inodes free/],
        ["with kernel 5.10", "w1", { uname: "echo 5.10.0-30-amd64" }, /kernel is 5\.10\.0-30-amd64; .*5\.13 or newer/],
        ["with kernel 5.4", "cp1", { uname: "echo 5.4.0" }, /kernel is 5\.4\.0/],
        [
            "with cgroup v1",
            "w1",
            { stat: stat(SPACE).replace("cgroup2fs", "tmpfs") },
            /cgroup v1.*kubelet\.allowCgroupV1: true/,
        ],
        ["with its clock at 1970", "w1", { date: "echo 1970" }, /its clock says 1970; set it/],
        ["with SELinux enforcing", "lb1", { getenforce: "echo Enforcing" }, /SELinux is enforcing.*SELINUX=permissive/],
        [
            "with HAProxy 2.4",
            "lb1",
            { haproxy: "echo 'HA-Proxy version 2.4.22-f8e3218'" },
            /HAProxy is 2\.4\.22; 2\.6 or newer/,
        ],
        [
            "with firewalld",
            "w1",
            { systemctl: '[ "$3" = firewalld ]', "firewall-cmd": "exit 1" },
            /firewalld .*does not trust 10\.89\.0\.0\/24 10\.244\.0\.0\/16: run firewall-cmd --permanent --zone=trusted --add-source=10\.89\.0\.0\/24 --add-source=10\.244\.0\.0\/16 /,
        ],
        [
            "with firewalld, as a balancer",
            "lb1",
            { systemctl: '[ "$3" = firewalld ]', "firewall-cmd": "exit 1" },
            /does not trust 10\.89\.0\.0\/24: run .*clients of the cluster need 6443 80 443 as well/,
        ],
        [
            "with ufw",
            "w1",
            { ufw: "echo 'Status: active'; echo 'Anywhere ALLOW 10.89.0.0/24'" },
            /ufw .*does not let 10\.244\.0\.0\/16 in: run ufw allow from 10\.244\.0\.0\/16;/,
        ],
    ];
    for (const [what, name, answers, objection] of refusals) {
        it(`is refused ${what}`, () => {
            acceptable(host(), answers);
            assertRefused(host(), [objection], { name });
        });
    }

    it("is refused without programs that no package of ours brings, which are named", () => {
        acceptable(host());
        const { code, stderr } = host().runWith(["cat"], acceptText());
        assert.equal(code, 1);
        assert.match(stderr, /these programs are missing: awk find findmnt flock .* sysctl/);
    });

    it("may have cgroup v1 when that is said", () => {
        acceptable(host(), { stat: stat(SPACE).replace("cgroup2fs", "tmpfs") });
        assert.equal(accept(host(), { change: (input) => (input.kubelet = { allowCgroupV1: true }) }).code, 0);
    });

    it("may have packet filters that trust the cluster's networks, or that are off", () => {
        acceptable(host(), {
            systemctl: '[ "$3" = firewalld ]',
            "firewall-cmd": "exit 0",
            ufw: "echo 'Status: inactive'",
        });
        assert.equal(accept(host()).code, 0);
    });

    it("is told that its clock is not synchronised, and taken", () => {
        acceptable(host(), { timedatectl: "echo no" });
        const { code, stderr } = accept(host());
        assert.equal(code, 0, stderr);
        assert.match(stderr, /warning: its clock is not synchronised/);
    });

    it("may be full where a balancer needs little, and old where only nodes need nftables", () => {
        acceptable(host(), { stat: stat("500000 10485760 4096 1 100"), uname: "echo 4.18.0" });
        assert.equal(accept(host(), { name: "lb1" }).code, 0);
    });
});

describe("the other hosts, as a host sees them", () => {
    const host = bashHost();

    it("are refused by name and port when a packet filter drops what the host needs", () => {
        acceptable(host(), { timeout: doors('"10.89.0.22 2379" | "10.89.0.22 2380") ;;') });
        assertRefused(
            host(),
            [/cp2 \(10\.89\.0\.22\) is there, but does not answer on 2379 \(no answer within 2 s\), 2380 \(no answer/],
            { name: "cp1" },
        );
    });

    it("are refused when a packet filter rejects", () => {
        acceptable(host(), {
            timeout: doors('"10.89.0.21 6443") echo "$door bash: connect: No route to host" ;;'),
        });
        assertRefused(host(), [/cp1 \(10\.89\.0\.21\) is there, but does not answer on 6443 \(no route\)/]);
    });

    it("may be off: all in one line, and the host is taken", () => {
        acceptable(host(), { timeout: doors('"10.89.0.21 "* | "10.89.0.22 "*) ;;') });
        const { code, stderr } = accept(host());
        assert.equal(code, 0, stderr);
        assert.match(
            stderr,
            /warning: no answer on any port from cp1 \(10\.89\.0\.21\), cp2 \(10\.89\.0\.22\): off, still/,
        );
        assert.equal(stderr.trim().split("\n").length, 1);
    });

    it("are really dialled: a port that listens and one that refuses are both good", function () {
        acceptable(host(), { timeout: 'exec /usr/bin/timeout "$@"' });
        const { code, stderr } = accept(host(), {
            change: (input) => {
                for (const other of input.hosts) other.address = `127.0.0.${other.address.split(".").at(-1)}`;
                input.network.hosts = "127.0.0.0/24";
                input.endpoint.address = "127.0.0.10";
            },
        });
        assert.equal(code, 0, stderr);
        assert.equal(stderr, "");
    });

    it("are few to ask in a cluster of 300 hosts", () => {
        const change = (input: ClusterConfigInput) => {
            for (let index = 4; index < 296; index += 1)
                input.hosts.push({
                    ...input.hosts.at(-1)!,
                    name: `w${index}`,
                    address: `10.89.${1 + (index >> 7)}.${index & 127}`,
                });
            input.network.hosts = "10.89.0.0/16";
        };
        for (const name of ["w1", "cp1", "lb1"]) {
            const { settings } = acceptScript({ name, change });
            const dials = (settings?.["peers"] as string[]).reduce((sum, peer) => sum + peer.split(" ").length - 2, 0);
            assert.ok(dials > 0 && dials <= 60, `${name}: ${dials}`);
        }
    });
});
