import assert from "node:assert/strict";
import path from "node:path";
import { renderMember } from "../../../../components/controlPlane/controlPlaneScripts";
import { type HostScript, loadScript } from "../../../../components/command/hostScript";
import { type ClusterConfigInput, hostsWithRole } from "../../../../model/clusterConfig";
import { configWith, hostInput } from "../../model/sampleConfig";
import { type BashHost, bashHost } from "../bashHost";
import { type FakeCluster, type FakeMember, fakeCluster, membersOf, nodesOf, tokensOf } from "../fakeCluster";
import { assertSameEndWhenKilled } from "../killedAtEachLine";

const FOLDER = path.join(__dirname, "../../../../components/controlPlane");
const MEMBERSHIP = ["secrets.sh", "membership.sh"].map((name) => `${loadScript(FOLDER, name)}\n`).join("");

const cp = (index: number, more: Partial<FakeMember> = {}): FakeMember => ({
    name: `cp${index}`,
    address: `10.89.0.2${index}`,
    ...more,
});

/** The sample with exactly these control planes. */
const configured =
    (...indices: readonly number[]) =>
    (input: ClusterConfigInput) => {
        const others = input.hosts.filter(({ role }) => role !== "control-plane");
        input.hosts = [...others, ...indices.map((index) => hostInput("control-plane", `cp${index}`, 20 + index))];
    };

/** Without long waits. */
const impatient = { patience: 1, settling: 3 };

/** The turn of a control plane. */
function turn(name: string, ...indices: readonly number[]) {
    const config = configWith(configured(...indices));
    const own = hostsWithRole(config, "control-plane").find((host) => host.name === name);
    assert.ok(own);
    const script = renderMember(config, own);
    return { ...script, settings: { ...script.settings, ...impatient } };
}

function prepare(host: BashHost, cluster: FakeCluster): void {
    fakeCluster(host, cluster);
    host.write("/etc/kubernetes/quorate/founding", "none");
    host.write("/etc/kubernetes/quorate/cluster.yaml", "");
    host.write("/var/lib/etcd/lost+found", "");
    // What is applied does not matter here.
    host.fake("pgrep", "echo 1");
    host.fake("ps", "echo 0");
}

const joinTurn = (host: BashHost, name: string, ...indices: readonly number[]) =>
    host.step({ ...turn(name, ...indices), bringsLibrary: true });

describe("the turn of a control plane that joins", () => {
    const host = bashHost();

    it("asks only members that etcd lists: from 3 to 5 in one up", () => {
        prepare(host(), { members: [cp(1), cp(2), cp(3)] });
        const { code, stderr } = joinTurn(host(), "cp4", 1, 2, 3, 4, 5);
        assert.equal(code, 0, stderr);
        assert.deepEqual(membersOf(host()), { cp1: "voter", cp2: "voter", cp3: "voter", cp4: "voter" });
    });

    it("joins a cluster of one, and one of two that is on its way to three", () => {
        prepare(host(), { members: [cp(1)] });
        assert.equal(joinTurn(host(), "cp2", 1, 2, 3).code, 0);
        host().run("rm -r /etc/kubernetes/quorate/member /etc/kubernetes/kubelet.conf /var/lib/etcd/member");
        assert.equal(joinTurn(host(), "cp3", 1, 2, 3).code, 0);
        assert.deepEqual(membersOf(host()), { cp1: "voter", cp2: "voter", cp3: "voter" });
    });

    it("joins while members that are about to leave are still there: two replacements in one up", () => {
        prepare(host(), { members: [cp(1), cp(2), cp(3), cp(4)] });
        const { code, stderr } = joinTurn(host(), "cp5", 3, 4, 5);
        assert.equal(code, 0, stderr);
        assert.deepEqual(Object.keys(membersOf(host())), ["cp1", "cp2", "cp3", "cp4", "cp5"]);
    });

    it("removes a dead member that is not configured any more first, and says so", () => {
        prepare(host(), { members: [cp(1), cp(2), cp(3, { dead: true })] });
        const { code, stdout, stderr } = joinTurn(host(), "cp4", 1, 2, 4);
        assert.equal(code, 0, stderr);
        assert.deepEqual(membersOf(host()), { cp1: "voter", cp2: "voter", cp4: "voter" });
        assert.match(stdout, /"etcd member cp3 \(10\.89\.0\.23\), gone and not in hosts any more, removed"/);
    });

    it("removes two dead ones of five", () => {
        prepare(host(), { members: [cp(1), cp(2), cp(3), cp(4, { dead: true }), cp(5, { dead: true })] });
        const { code, stderr } = joinTurn(host(), "cp6", 1, 2, 3, 6, 7);
        assert.equal(code, 0, stderr);
        assert.deepEqual(Object.keys(membersOf(host())), ["cp1", "cp2", "cp3", "cp6"]);
    });

    it("refuses beside a dead member that is still configured, and names both ways out", () => {
        prepare(host(), { members: [cp(1), cp(2), cp(3, { dead: true })] });
        const { code, stderr } = joinTurn(host(), "cp4", 1, 2, 3, 4, 5);
        assert.equal(code, 1);
        assert.match(stderr, /cp3 \(10\.89\.0\.23\) does not answer.*bring it back, or take it out of hosts/);
        assert.deepEqual(Object.keys(membersOf(host())), ["cp1", "cp2", "cp3"]);
    });

    it("removes what its own broken join left", () => {
        prepare(host(), { members: [cp(1), cp(2), cp(3), cp(4, { learner: true, unstarted: true })] });
        const { code, stderr } = joinTurn(host(), "cp4", 1, 2, 3, 4, 5);
        assert.equal(code, 0, stderr);
        assert.equal(membersOf(host())["cp4"], "voter");
    });

    it("names what the broken join of another host left", () => {
        prepare(host(), { members: [cp(1), cp(2), cp(3), cp(5, { learner: true, unstarted: true })] });
        const { code, stderr } = joinTurn(host(), "cp4", 1, 2, 3, 4, 5);
        assert.equal(code, 1);
        assert.match(stderr, /cp5 \(10\.89\.0\.25\) was added and has never started.*put cp5 before cp4 in hosts/);
    });

    it("removes what a broken join left of a host that is not configured any more", () => {
        prepare(host(), { members: [cp(1), cp(2), cp(3), cp(5, { learner: true, unstarted: true })] });
        const { code, stderr } = joinTurn(host(), "cp4", 1, 2, 3, 4, 6);
        assert.equal(code, 0, stderr);
        assert.deepEqual(Object.keys(membersOf(host())), ["cp1", "cp2", "cp3", "cp4"]);
    });

    it("removes nobody from a cluster that has lost its quorum", () => {
        prepare(host(), { members: [cp(1), cp(2, { dead: true }), cp(3, { dead: true })] });
        const { code, stderr } = joinTurn(host(), "cp4", 1, 4, 5);
        assert.equal(code, 1);
        assert.match(stderr, /no member tells/);
        assert.deepEqual(Object.keys(membersOf(host())), ["cp1", "cp2", "cp3"]);
    });
});

describe("the removal of a member", () => {
    const host = bashHost();
    /** Removes cp1 on cp9, which has seen the named states of cp1, cp2 and so on at its last look; all of them live. */
    function removal(...states: readonly string[]) {
        const members = states.map((_, index) => cp(index + 1));
        prepare(host(), { members });
        const seen = members.map(({ name, address }, index) => {
            const vote = states[index] === "learner" ? "none" : "voter";
            return `1d${20 + index + 1}|configured|${states[index]}|${vote}|${name} (${address})|https://${address}:2379`;
        });
        const look = `open_private\nkeep members <<'SEEN'\n${seen.join("\n")}\nSEEN\n`;
        const own = cp(9);
        const all = [...members, own];
        const settings = {
            ...own,
            control_planes: all.map(({ name }) => name),
            addresses: all.map(({ address }) => address),
        };
        const body = `${MEMBERSHIP}${look}remove_member 1d21 ", gone,"`;
        return host().step({ settings, body });
    }

    it("is refused when the healthy voters that stay are no quorum, though etcd itself would do it", () => {
        for (const states of [
            ["healthy", "healthy"],
            ["healthy", "healthy", "silent"],
            ["silent", "healthy", "silent"],
        ]) {
            const { code, stderr } = removal(...states);
            assert.equal(code, 1, String(states));
            assert.match(stderr, /etcd member cp1 \(10\.89\.0\.21\), gone, cannot be removed: 1 of \d voters stay/);
            assert.equal(Object.keys(membersOf(host())).length, states.length);
        }
    });

    it("is done when they are one", () => {
        for (const states of [
            ["silent", "healthy", "healthy"],
            ["silent", "healthy", "healthy", "healthy", "silent"],
            ["learner", "healthy"],
        ]) {
            const { code, stderr } = removal(...states);
            assert.equal(code, 0, stderr);
            assert.ok(!("cp1" in membersOf(host())), String(states));
        }
    });
});

describe("the administrator of a turn", () => {
    const host = bashHost();

    it("is not kept when kubeadm breaks off while it writes the kubeconfig", () => {
        prepare(host(), { members: [cp(1)] });
        const once = host().at("/cluster/broke-off");
        host().run(`cp ${host().at("/fakes/kubeadm")} ${host().at("/cluster/kubeadm")}`);
        host().fake(
            "kubeadm",
            `case "$*" in "kubeconfig user "*) [ -e "${once}" ] || { : >"${once}"; echo "client-key-da"; exit 1; } ;; esac
            exec "${host().at("/cluster/kubeadm")}" "$@"`,
        );
        const kubectl = host().at("/cluster/kubectl");
        host().run(`cp ${host().at("/fakes/kubectl")} ${kubectl}`);
        host().fake(
            "kubectl",
            `grep -q "client-key-data: short" "\${!#}" || { echo "\${!#} is cut short: $(<"\${!#}")" >&2; exit 1; }
            exec "${kubectl}" "$@"`,
        );
        const hasty = turn("cp2", 1, 2, 3);
        const body = hasty.body.replace('wait_for 60 "the API to tell', 'wait_for 3 "the API to tell');
        const { code, stderr } = host().step({ ...hasty, body, bringsLibrary: true });
        assert.equal(code, 0, stderr);
        assert.ok(host().exists("/cluster/broke-off"));
    });
});

describe("the turn of a control plane that was installed anew under its old name", () => {
    const host = bashHost();
    const reinstalled: FakeCluster = {
        members: [cp(1), cp(2, { dead: true }), cp(3)],
        nodes: [cp(1), cp(2), cp(3)].map(({ name, address }) => ({ name, address })),
    };

    it("removes its old member and its old node, and joins", () => {
        prepare(host(), reinstalled);
        const { code, stdout, stderr } = joinTurn(host(), "cp2", 1, 2, 3);
        assert.equal(code, 0, stderr);
        assert.deepEqual(membersOf(host()), { cp1: "voter", cp3: "voter", cp2: "voter" });
        assert.match(stdout, /etcd member cp2 \(10\.89\.0\.22\) of this host's earlier installation removed/);
        assert.match(stdout, /node cp2 of this host's earlier installation deleted/);
        assert.deepEqual(nodesOf(host()).sort(), ["cp1", "cp2", "cp3"]);
    });

    it("does not delete the node of another machine with that name", () => {
        prepare(host(), { ...reinstalled, nodes: [{ name: "cp2", address: "10.89.0.99" }] });
        const { code, stderr } = joinTurn(host(), "cp2", 1, 2, 3);
        assert.equal(code, 1);
        assert.match(stderr, /node cp2 is at 10\.89\.0\.99, this host at 10\.89\.0\.22/);
        assert.deepEqual(nodesOf(host()), ["cp2"]);
    });

    it("does not remove its old member from a cluster that has lost its quorum", () => {
        prepare(host(), { members: [cp(1), cp(2, { dead: true }), cp(3), cp(4, { dead: true })] });
        const { code, stderr } = joinTurn(host(), "cp2", 1, 2, 3);
        assert.equal(code, 1);
        assert.match(stderr, /no member tells/);
    });
});

describe("the turn of a member", () => {
    const host = bashHost();

    it("takes dead members out that are not configured any more, before they leave: from 5 to 3", () => {
        prepare(host(), { members: [cp(1), cp(2), cp(3), cp(4, { dead: true }), cp(5, { dead: true })] });
        host().write("/etc/kubernetes/quorate/member", "");
        host().write("/etc/kubernetes/quorate/formed", "");
        const { code, stderr } = joinTurn(host(), "cp1", 1, 2, 3);
        assert.equal(code, 0, stderr);
        assert.deepEqual(membersOf(host()), { cp1: "voter", cp2: "voter", cp3: "voter" });
    });

    it("leaves members alone that answer or are configured", () => {
        prepare(host(), { members: [cp(1), cp(2, { dead: true }), cp(3), cp(4), cp(5)] });
        host().write("/etc/kubernetes/quorate/member", "");
        host().write("/etc/kubernetes/quorate/formed", "");
        assert.equal(joinTurn(host(), "cp1", 1, 2, 3).code, 0);
        assert.equal(Object.keys(membersOf(host())).length, 5);
    });
});

describe("the credentials of a join", () => {
    const host = bashHost();

    it("are a token that is made for it and gone after it", () => {
        prepare(host(), { members: [cp(1), cp(2), cp(3)] });
        assert.equal(joinTurn(host(), "cp4", 1, 2, 3, 4, 5).code, 0);
        assert.ok(
            host()
                .calls()
                .some((call) => call.startsWith("kubeadm token create ")),
        );
        assert.deepEqual(tokensOf(host()), []);
        assert.equal(host().run("grep -rl 0123456789abcdef /etc/ /var/ /run/ || true").stdout, "");
        assert.equal(host().run("grep -rl client-key-data /etc/ /var/ /run/ || true").stdout, "");
    });

    it("are gone when kubeadm fails, too", () => {
        prepare(host(), { members: [cp(1), cp(2), cp(3)] });
        host().run(`sed -i 's/^    "join "\\*.*/    "join "*) exit 1 ;;/' ${host().at("/fakes/kubeadm")}`);
        assert.notEqual(joinTurn(host(), "cp4", 1, 2, 3, 4, 5).code, 0);
        assert.deepEqual(tokensOf(host()), []);
        assert.equal(host().run("grep -rl 0123456789abcdef /etc/ /var/ /run/ || true").stdout, "");
    });

    it("are seen by no other process", () => {
        prepare(host(), { members: [cp(1), cp(2), cp(3)] });
        assert.equal(joinTurn(host(), "cp4", 1, 2, 3, 4, 5).code, 0);
        for (const call of host().calls()) assert.doesNotMatch(call, /\.0123456789abcdef/);
    });
});

describe("a turn that is killed", function () {
    this.timeout(120_000);
    const host = bashHost();
    // Each line is counted, which takes its time.
    const slowly = (script: HostScript) => ({ ...script, settings: { ...script.settings, patience: 0, settling: 60 } });
    const ignore = /^\/cluster\/tokens$/;

    it("comes to the same end, whatever a control plane that was installed anew finds left", () => {
        const members = [cp(1), cp(2, { dead: true }), cp(3), cp(4), cp(5, { dead: true })];
        const nodes = members.map(({ name, address }) => ({ name, address }));
        prepare(host(), { members, nodes });
        assertSameEndWhenKilled(host(), slowly(turn("cp2", 1, 2, 3)), { ignore });
    });
});
