import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as scripts from "../../../../maintenance/ports/addressMove";
import * as hostScripts from "../../../../maintenance/ports/hostScripts";
import { ingressScript } from "../../../../maintenance/ports/ingressScripts";
import { networkScript } from "../../../../maintenance/ports/podNetworkProof";
import { UnreachableError, type Remote, type RemoteHost } from "../../../../maintenance/ports/remote";
import { openVirtualAddress } from "../../../../maintenance/ports/virtualAddress";
import { PREFERENCE_FILE } from "../../../../model/preferenceFile";
import { DetachedHost, type Fault } from "../../../fakes/detachedHost";
import { fakeClock } from "../../../fakes/fakeClock";
import { sampleInventory } from "../../../fakes/sampleCluster";

const ADDRESS = "10.89.0.10";

/** Two balancers as keepalived moves the address between them: to the one with the higher preference. */
class FakePair implements Remote {
    owner: string | undefined = "lb1";
    readonly preference = new Map([
        ["lb1", 0],
        ["lb2", 0],
    ]);
    readonly onLoopback = new Set<string>();
    readonly passingOn = new Set<string>();
    readonly done: string[] = [];
    isStuck = false;
    canPassOn = true;
    unfit = "";
    unreachable = "";

    exec(host: RemoteHost, command: string) {
        if (host.name === this.unreachable) return Promise.reject(new UnreachableError(host.name, "no SSH"));
        const failed = this.run(host.name, command);
        return Promise.resolve({
            code: failed === "" ? 0 : 1,
            stdout: this.output(host.name, command),
            stderr: failed,
        });
    }

    close(): void {}

    private run(host: string, command: string): string {
        const [, preference] = /^echo (-?\d) >/.exec(command) ?? [];
        if (preference !== undefined) this.prefer(host, Number(preference));
        if (command.includes("for unit in")) return host === this.unfit ? "haproxy is not active" : "";
        if (command.includes("nft -f -")) {
            if (!this.canPassOn) return "nft: command not found";
            this.passingOn.add(host);
        }
        if (command.includes("nft delete table") && !command.includes("nft -f")) this.passingOn.delete(host);
        if (command.includes("addr replace")) this.onLoopback.add(host);
        if (command.includes("addr del")) this.onLoopback.delete(host);
        if (command.includes("restart haproxy")) this.done.push(`${host} ended its connections, ${this.owner} has it`);
        return "";
    }

    private prefer(host: string, preference: number): void {
        this.preference.set(host, preference);
        if (this.isStuck) return;
        const wants = [...this.preference].sort(([, one], [, other]) => other - one)[0];
        if (wants !== undefined && wants[1] > (this.preference.get(this.owner ?? "") ?? -9)) this.owner = wants[0];
    }

    private output(host: string, command: string): string {
        if (command.includes("restart haproxy")) return "0\n";
        const on = [...(this.owner === host ? ["eth0"] : []), ...(this.onLoopback.has(host) ? ["lo"] : [])];
        return JSON.stringify(on.map((ifname) => ({ ifname, addr_info: [{}, { family: "inet", local: ADDRESS }] })));
    }
}

function open(pair: FakePair, warnings: string[] = [], faults: readonly Fault[] = []) {
    const clock = fakeClock();
    const remote = new DetachedHost(pair, { clock, faults });
    return openVirtualAddress(remote, sampleInventory(), clock, (line) => warnings.push(line));
}

function assertTidy(pair: FakePair): void {
    assert.deepEqual([[...pair.onLoopback], [...pair.passingOn]], [[], []]);
}

describe("the virtual address", () => {
    it("goes to the other balancer before connections of the old one end, and nothing stays behind", async () => {
        const pair = new FakePair();
        await open(pair).handOver("lb1");
        assert.equal(pair.owner, "lb2");
        assert.deepEqual(pair.done, ["lb1 ended its connections, lb2 has it"]);
        assertTidy(pair);
    });

    it("stays away from a balancer that is about to reboot, until it is released", async () => {
        const pair = new FakePair();
        await open(pair).handOver("lb1");
        assert.deepEqual([...pair.preference.values()], [-1, 0]);
        await open(pair).release("lb1", { now: false });
        assert.deepEqual([pair.owner, ...pair.preference.values()], ["lb2", 0, 0]);
    });

    it("comes back at once when it is told so", async () => {
        const pair = new FakePair();
        await open(pair).handOver("lb1");
        await open(pair).release("lb1", { now: true });
        assert.deepEqual([pair.owner, ...pair.preference.values()], ["lb1", 0, 0]);
        assertTidy(pair);
    });

    it("is finished with when a hand-over was interrupted after the move", async () => {
        const pair = new FakePair();
        pair.owner = "lb2";
        pair.onLoopback.add("lb1");
        pair.passingOn.add("lb2");
        await open(pair).handOver("lb1");
        assert.deepEqual(pair.done, ["lb1 ended its connections, lb2 has it"]);
        assertTidy(pair);
        await open(pair).handOver("lb1");
        assert.equal(pair.done.length, 1);
    });

    it("is refused, with nothing changed, when no other balancer can take it", async () => {
        const pair = new FakePair();
        pair.unfit = "lb2";
        await assert.rejects(open(pair).handOver("lb1"), {
            name: "RefusedError",
            message: /hand-over of 10\.89\.0\.10 from lb1 refused: lb2: .*haproxy is not active/,
        });
        assert.deepEqual([pair.owner, ...pair.preference.values()], ["lb1", 0, 0]);
        assertTidy(pair);
    });

    it("is left where it is when keepalived does not move it", async () => {
        const pair = new FakePair();
        pair.isStuck = true;
        await assert.rejects(
            open(pair).handOver("lb1"),
            /waited 20s for lb2 to have 10\.89\.0\.10; last seen: lb1 has it/,
        );
        assert.deepEqual([pair.owner, ...pair.preference.values()], ["lb1", 0, 0]);
        assertTidy(pair);
    });

    it("tells who has it while it is waited for, and that a balancer does not answer", async () => {
        const reports: string[] = [];
        const report = (line: string) => void reports.push(line);
        const pair = new FakePair();
        await open(pair, [], ["unreachable", "unreachable"]).handOver("lb1", report);
        pair.owner = undefined;
        await assert.rejects(open(pair).release("lb1", { now: true, report }), /waited 20s for one load balancer/);
        assert.deepEqual(reports, [
            "letting its connections end: no SSH at 10.89.0.21:22; asking again",
            "nobody has it, or several have",
        ]);
    });

    it("moves all the same where connections cannot be passed on, and says what that means", async () => {
        const pair = new FakePair();
        pair.canPassOn = false;
        const warnings: string[] = [];
        await open(pair, warnings).handOver("lb1");
        assert.equal(pair.owner, "lb2");
        assert.match(
            warnings[0] ?? "",
            /connections to 10\.89\.0\.10 will be reset when it moves: lb2: .*nft: command not found/,
        );
        assertTidy(pair);
    });

    it("has an unknown owner when the balancer that may have it does not answer", async () => {
        const pair = new FakePair();
        pair.unreachable = "lb1";
        await assert.rejects(open(pair).owner(), /who has 10\.89\.0\.10 is not known: lb1: no SSH/);
        pair.owner = "lb2";
        assert.equal(await open(pair).owner(), "lb2");
    });

    it("follows the file that keepalived's configuration names", () => {
        assert.equal(scripts.preferenceScript(-1), `echo -1 >${PREFERENCE_FILE}`);
    });
});

describe("shell for a reboot", () => {
    const moving = { address: ADDRESS, apiPort: 6443, adminSocket: "/run/haproxy/admin.sock", ingressPorts: [80, 443] };
    const texts: Record<string, string> = {
        successor: scripts.successorScript(),
        passOn: scripts.passOnScript(moving, "10.89.0.12", "10.89.0.11"),
        stopPassingOn: scripts.stopPassingOnScript(),
        keepServing: scripts.keepServingScript(moving, "10.89.0.11"),
        stopServing: scripts.stopServingScript(moving, "10.89.0.11"),
        endConnections: scripts.endConnectionsScript(moving, 15, 30),
        stopApiServer: hostScripts.stopApiServerScript(["7b0f0e0c-1111-4222-8333-444444444444"]),
        stopApiServerWithoutIngress: hostScripts.stopApiServerScript([]),
        startApiServer: hostScripts.START_API_SERVER,
        rebootRequired: hostScripts.REBOOT_REQUIRED,
        reboot: hostScripts.REBOOT,
        balancerUnits: hostScripts.BALANCER_UNITS,
        ingress: ingressScript([
            {
                through: "10.89.0.21:80",
                reference: "10.89.0.22:80",
                nobody: "http://nobody/",
                urls: ["http://a/b?c=d'e", "http://a/(.*)"],
            },
        ]),
        network: networkScript([{ pod: "a/b", address: "10.244.1.2", port: 80 }], "10.96.0.10", "cluster.local"),
    };
    for (const [name, text] of Object.entries(texts)) {
        it(`can be read by a shell: ${name}`, () => {
            execFileSync("bash", ["-n"], { input: text });
        });
    }
});
