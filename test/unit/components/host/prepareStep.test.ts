import assert from "node:assert/strict";
import { renderPrepare } from "../../../../components/host/prepareScript";
import { type HostScript, renderHostScript } from "../../../../components/command/hostScript";
import { configWith } from "../../model/sampleConfig";
import { bashHost } from "../bashHost";

const PACKAGES = ["socat", "conntrack", "ethtool", "iptables", "nftables", "curl", "tar", "openssl"];

function prepare(name: string): HostScript {
    const config = configWith();
    const found = config.hosts.find((item) => item.name === name);
    assert.ok(found);
    return renderPrepare(found, config);
}

describe("packages of a host that is prepared", () => {
    const host = bashHost();

    /** A Debian host on which packages are what stands in /packages. */
    function debian({ update = "", install = "" }: { update?: string; install?: string } = {}): void {
        host().write("/run/systemd/system/x", "");
        const installed = host().at("/packages");
        host().fake("dpkg-query", `grep -qsx "\${@: -1}" ${installed} && echo 'install ok installed'`);
        const put = `for word in "$@"; do case $word in ${PACKAGES.join("|")}|haproxy|keepalived) echo "$word" >>${installed} ;; esac; done`;
        host().fake(
            "apt-get",
            `case " $* " in *" update "*) ${update || ":"} ;; *" install "*) ${install || put} ;; esac`,
        );
        for (const name of ["apt-mark", "modprobe", "sysctl", "systemctl"]) host().fake(name);
        host().fake("haproxy", "echo 'HAProxy version 3.0.11-1 2025/06/03'");
    }
    const run = (name = "w1") => host().step(prepare(name));

    it("are installed although one repository cannot be reached", () => {
        debian({ update: "echo 'E: Failed to fetch http://repository.example'; exit 100" });
        const { code, stdout, stderr } = run();
        assert.equal(code, 0, stderr);
        assert.match(stdout, /"packages socat conntrack /);
    });

    it("that are missing in the end are named, with the end of what apt-get said", () => {
        debian({
            update: "echo 'E: Failed to fetch http://repository.example'; exit 100",
            install: "echo 'E: Unable to locate package conntrack'; exit 100",
        });
        host().write("/packages", PACKAGES.filter((name) => name !== "conntrack").join("\n"));
        const { code, stderr } = run();
        assert.equal(code, 1);
        assert.match(stderr, /: missing packages: conntrack; they could not be installed/);
        assert.match(stderr, /Unable to locate package conntrack/);
    });

    it("that come with another name are there: iptables from iptables-nft", () => {
        for (const name of ["modprobe", "sysctl"]) host().fake(name);
        host().fake("rpm", '[ "$1" = -q ] && { [ "$2" = --whatprovides ] || [ "$2" != iptables ]; }');
        const { code, stdout, stderr } = host().runWith(
            [
                ...[
                    "awk",
                    "cat",
                    "chmod",
                    "cmp",
                    "cp",
                    "date",
                    "dirname",
                    "dd",
                    "env",
                    "flock",
                    "grep",
                    "hostname",
                    "id",
                ],
            ].concat(["mkdir", "mktemp", "mv", "rm", "sed", "sort", "stat", "sync", "tail", "timeout", "tr", "cut"]),
            renderHostScript(prepare("w1")),
        );
        assert.equal(code, 0, stderr);
        assert.doesNotMatch(stdout, /packages/);
    });

    it("bring a HAProxy that is new enough, or the step ends with a sentence", () => {
        debian();
        host().fake("haproxy", "echo 'HA-Proxy version 2.4.22-f8e3218 2023/02/14 - https://haproxy.org/'");
        const { code, stderr } = run("lb1");
        assert.equal(code, 1);
        assert.match(stderr, /HAProxy 2\.4\.22.* 2\.6 or newer/);
    });
});
