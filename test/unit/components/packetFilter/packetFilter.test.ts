import assert from "node:assert/strict";
import type { HostScript } from "../../../../components/command/hostScript";
import { renderRuntime } from "../../../../components/containerRuntime/containerRuntime";
import { renderLoadBalancer } from "../../../../components/loadBalancer/loadBalancer";
import { packetFilterBody } from "../../../../components/packetFilter/packetFilter";
import { hostsWithRole } from "../../../../model/clusterConfig";
import { configWith, hostInput } from "../../model/sampleConfig";
import { bashHost } from "../bashHost";
import { fakeSystemd, loaded } from "../fakeServices";
import { assertSameEndWhenKilled, reboot } from "../killedAtEachLine";

const RULES = "/usr/local/lib/quorate/firewall.nft";
const UNIT = "/etc/systemd/system/quorate-firewall.service";
/** By what the unit is wanted since it was enabled last. */
const WANTED = "/services/quorate-firewall.service.enabled";
type Change = Parameters<typeof configWith>[0];

function file({ files = [] }: HostScript, path: string): string {
    const found = files.find((candidate) => candidate.path === path);
    assert.ok(found, path);
    return found.content;
}

function balancer(name: string, change?: Change): HostScript {
    const config = configWith(change);
    const host = hostsWithRole(config, "load-balancer").find((candidate) => candidate.name === name);
    assert.ok(host);
    return renderLoadBalancer(host, config);
}

const node = (change?: Change) => file(renderRuntime("worker", configWith(change)), RULES);
const single: Change = (input) => {
    input.hosts = input.hosts.filter((host) => host.name !== "lb2");
    input.endpoint.allowSingleLoadBalancer = true;
};
const rulesOf = (text: string) =>
    text
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => /\b(accept|drop)$/.test(line));

describe("the packet filter", () => {
    it("is loaded before anything else of the steps that bring it", () => {
        assert.ok(balancer("lb1").body.startsWith(packetFilterBody()));
        assert.ok(renderRuntime("worker", configWith()).body.startsWith(packetFilterBody()));
    });

    it("of a balancer lets VRRP in from the other balancers only, and only what no router has passed on (TRAPS 75)", () => {
        const three: Change = (input) => input.hosts.push(hostInput("load-balancer", "lb3", 13));
        assert.deepEqual(rulesOf(file(balancer("lb2", three), RULES)), [
            "ip protocol 112 ip saddr { 10.89.0.11, 10.89.0.13 } ip ttl 255 accept",
            "meta l4proto 112 drop",
        ]);
    });

    it("of a single balancer lets no VRRP in", () => {
        assert.deepEqual(rulesOf(file(balancer("lb1", single), RULES)), ["meta l4proto 112 drop"]);
    });

    it("of a node lets no VRRP of pods out, on whatever network they are", () => {
        assert.deepEqual(rulesOf(node()), [
            "meta l4proto 112 drop",
            'iifname "cni0" meta l4proto 112 drop',
            "ip protocol 112 ip daddr { 10.89.0.11, 10.89.0.12 } drop",
        ]);
        assert.match(node(), /hook forward [^}]*?meta l4proto 112 drop/);
        assert.match(node(), /hook input [^}]*?iifname "cni0"/);
        assert.match(node(), /hook output [^}]*?ip daddr/);
    });

    it("of a node leaves the host's own VRRP alone where the balancers are the user's", () => {
        const text = node((input) => {
            input.endpoint.kind = "external";
            input.hosts = input.hosts.filter((host) => host.role !== "load-balancer");
        });
        assert.doesNotMatch(text, /hook output/);
        assert.match(text, /hook forward/);
    });

    it("is a table of its own, replaced as a whole", () => {
        for (const text of [node(), file(balancer("lb1"), RULES)]) {
            assert.match(text, /^table inet quorate\ndelete table inet quorate\ntable inet quorate \{\n/);
            assert.doesNotMatch(text, /flush|policy drop/);
        }
    });

    it("is there before what it protects, at every boot, and again when nftables.service has emptied everything", () => {
        const unit = file(balancer("lb1"), UNIT);
        assert.equal(unit, file(renderRuntime("control-plane", configWith()), UNIT));
        const value = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(unit)?.[1]?.split(" ") ?? [];
        for (const later of ["keepalived.service", "containerd.service", "kubelet.service"])
            assert.ok(value("Before").includes(later), later);
        assert.ok(value("After").includes("nftables.service"));
        assert.deepEqual(value("PartOf"), ["nftables.service"]);
        assert.deepEqual(value("ReloadPropagatedFrom"), ["nftables.service"]);
        // PartOf passes on a stop and a restart; what was stopped comes back with a start only when it is wanted.
        assert.deepEqual(value("WantedBy"), ["multi-user.target", "nftables.service"]);
        assert.deepEqual(value("ExecStart"), ["nft", "-f", RULES]);
        assert.deepEqual(value("ExecReload"), ["nft", "-f", RULES]);
    });
});

describe("the step that loads the packet filter", () => {
    const host = bashHost();
    const filter = (change?: Change): HostScript => {
        const { files = [], ...step } = balancer("lb1", change);
        return {
            ...step,
            files: files.filter(({ path }) => path === RULES || path === UNIT),
            body: packetFilterBody(),
        };
    };

    beforeEach(() => {
        fakeSystemd(host(), { "quorate-firewall.service": [RULES] });
        host().fake("nft");
    });

    it("starts it, and does nothing the second time", () => {
        assert.ok(host().changes(filter()).includes("quorate-firewall.service enabled"));
        assert.match(loaded(host(), "quorate-firewall.service"), /ip saddr \{ 10\.89\.0\.12 \}/);
        assert.deepEqual(host().changes(filter()), []);
    });

    it("enables it again for what its unit says anew, on hosts of an earlier version", () => {
        const { files = [], ...step } = filter();
        const wanting = (content: string) => content.replace(/^WantedBy=.*$/m, "WantedBy=multi-user.target");
        host().changes({ ...step, files: files.map((one) => ({ ...one, content: wanting(one.content) })) });
        assert.equal(host().read(WANTED).trim(), "multi-user.target");
        host().changes(filter());
        assert.equal(host().read(WANTED).trim(), "multi-user.target nftables.service");
        const before = host().calls().length;
        host().changes(filter());
        assert.ok(
            !host()
                .calls()
                .slice(before)
                .some((call) => call.startsWith("systemctl enable")),
        );
    });

    it("loads it anew for other peers", () => {
        host().changes(filter());
        host().changes(filter((input) => (input.hosts[1]!.address = "10.89.0.13")));
        assert.match(loaded(host(), "quorate-firewall.service"), /ip saddr \{ 10\.89\.0\.13 \}/);
    });

    it("loads it anew when somebody has taken the table away", () => {
        host().changes(filter());
        host().fake("nft", '[ "$1" != list ]');
        assert.deepEqual(host().changes(filter()), ["quorate-firewall.service reload"]);
    });

    it("ends alike when it is killed at any line, and the host boots", () => {
        assertSameEndWhenKilled(host(), filter(), { between: reboot });
    });

    it("ends alike when it is killed at any line of a later change", () => {
        host().changes(filter());
        assertSameEndWhenKilled(
            host(),
            filter((input) => (input.hosts[1]!.address = "10.89.0.13")),
        );
    });

    it("refuses in words when the host cannot filter", () => {
        host().fake("nft", "echo 'Could not process rule: Operation not supported'; exit 1");
        const { code, stderr } = host().step(filter());
        assert.equal(code, 1);
        assert.match(stderr, /packet filter refuses .*firewall\.nft: .*not supported; .*nf_tables/);
    });
});
