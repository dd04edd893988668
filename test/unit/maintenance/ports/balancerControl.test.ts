import assert from "node:assert/strict";
import { openBalancerControl } from "../../../../maintenance/ports/balancerControl";
import { unservedBackends, unservedLocally } from "../../../../maintenance/ports/balancerService";
import type { ExecOptions, Remote, RemoteHost } from "../../../../maintenance/ports/remote";
import { UnreachableError } from "../../../../maintenance/ports/remote";
import { sampleInventory } from "../../../fakes/sampleCluster";
import { sampleServer } from "../../../fakes/sampleFacts";

const STATE_HEADER =
    "# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change " +
    "srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn " +
    "srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port";

/** `srv_op_state` and `srv_admin_state`. */
const STATES: Readonly<Record<string, string>> = { ready: "2 0", drain: "2 8", maint: "0 1" };

/** HAProxy 3.0's runtime socket, as far as commands in one line are concerned. */
class FakeHaproxies implements Remote {
    readonly asked: string[] = [];
    readonly scripts: string[] = [];
    private readonly admin = new Map<string, string>();

    /** @param deaf hosts that take commands and do nothing */
    constructor(
        private readonly deaf: readonly string[] = [],
        private readonly unreachable: readonly string[] = [],
        private readonly unknown = "",
    ) {}

    exec(host: RemoteHost, command: string, { stdin }: ExecOptions = {}) {
        if (this.unreachable.includes(host.name)) return Promise.reject(new UnreachableError(host.name, "no SSH"));
        if (stdin === undefined) {
            this.scripts.push(command);
            return Promise.resolve({ code: 0, stdout: "1\n", stderr: "" });
        }
        this.asked.push(`${host.name}: ${stdin.trim()}`);
        const answers = stdin
            .trim()
            .split("; ")
            .map((command) => this.answer(host.name, command));
        return Promise.resolve({ code: 0, stdout: answers.map((answer) => `${answer}\n`).join(""), stderr: "" });
    }

    close(): void {}

    private answer(host: string, command: string): string {
        const [, server, state] = /^set server (\S+) state (\S+)$/.exec(command) ?? [];
        if (server === this.unknown && server !== "") return "No such server.\n";
        if (server !== undefined && state !== undefined) {
            if (!this.deaf.includes(host)) this.admin.set(`${host} ${server}`, state);
            return "";
        }
        return command === "show stat"
            ? "# pxname,svname,scur,check_status\ningress-http,cp1,3,L7OK\n"
            : this.state(host);
    }

    private state(host: string): string {
        const rows = ["k8s-api", "ingress-http"].flatMap((backend) =>
            ["cp1", "cp2", "cp3"].map((name) => {
                const state = STATES[this.admin.get(`${host} ${backend}/${name}`) ?? "ready"];
                return `3 ${backend} 1 ${name} 10.89.0.21 ${state} 1 1 313 1 0 2 0 0 0 0 - 80 - 0 0 - - 0`;
            }),
        );
        return `1\n${STATE_HEADER}\n${rows.join("\n")}\n`;
    }
}

describe("control of the balancers", () => {
    const open = (haproxies: FakeHaproxies) => openBalancerControl(haproxies, sampleInventory());

    it("sets ingress servers only, on every balancer, in one round trip with the reading back", async () => {
        const haproxies = new FakeHaproxies();
        await open(haproxies).setIngress("cp1", "maint");
        assert.deepEqual(haproxies.asked, [
            "lb1: set server ingress-http/cp1 state maint; show servers state; show stat",
            "lb2: set server ingress-http/cp1 state maint; show servers state; show stat",
        ]);
    });

    it("sets the API server alone, in the same way", async () => {
        const haproxies = new FakeHaproxies();
        await open(haproxies).setApi("cp1", "drain");
        assert.deepEqual(haproxies.asked, [
            "lb1: set server k8s-api/cp1 state drain; show servers state; show stat",
            "lb2: set server k8s-api/cp1 state drain; show servers state; show stat",
        ]);
        await assert.rejects(
            open(new FakeHaproxies(["lb1"])).setApi("cp1", "drain"),
            /^RemoteError: lb1: HAProxy shows k8s-api\/cp1 ready after they were set to drain/,
        );
    });

    it("ends the connections to one API server on every balancer, and tells how many are left on all", async () => {
        const haproxies = new FakeHaproxies();
        assert.equal(await open(haproxies).endApiConnections("cp1"), 2);
        assert.equal(haproxies.scripts.length, 2);
        assert.match(haproxies.scripts[0] ?? "", /grep -F -- ' be=k8s-api srv=cp1 '/);
        assert.match(haproxies.scripts[0] ?? "", /"\( sport = :6443 \)"/);
    });

    it("shows states and sessions", async () => {
        const control = open(new FakeHaproxies());
        await control.setIngress("cp1", "maint");
        const [first] = await control.ingressServers("cp1");
        assert.deepEqual(first, {
            balancer: "lb1",
            purpose: "ingress",
            backend: "ingress-http",
            host: "cp1",
            administrative: "maint",
            up: false,
            sessions: 3,
        });
        await control.setIngress("cp1", "ready");
        assert.ok(
            (await control.ingressServers("cp1")).every(({ up, administrative }) => up && administrative === "ready"),
        );
    });

    it("fails when a balancer does not take it, and names that one", async () => {
        await assert.rejects(
            open(new FakeHaproxies(["lb2"])).setIngress("cp1", "maint"),
            /^RemoteError: lb2: HAProxy shows ingress-http\/cp1 ready after they were set to maint/,
        );
    });

    it("fails with HAProxy's words when it refuses a command", async () => {
        const refusing = new FakeHaproxies([], [], "ingress-http/cp1");
        await assert.rejects(open(refusing).setIngress("cp1", "maint"), /lb1: HAProxy says: No such server\./);
    });

    it("tells in an observation which balancer does not answer, and fails to set anything then", async () => {
        const control = open(new FakeHaproxies([], ["lb2"]));
        const [first, second] = await control.observe();
        assert.deepEqual([first?.unreachable, first?.servers.length], ["", 6]);
        assert.match(second?.unreachable ?? "", /lb2: no SSH/);
        await assert.rejects(control.setIngress("cp1", "maint"), /lb2: no SSH/);
    });
});

describe("a load balancer after its boot", () => {
    const balancer = sampleInventory().loadBalancers[0]!;
    const listening = "0.0.0.0:6443\n0.0.0.0:80\n";

    it("serves with both units and every port", () => {
        assert.deepEqual(unservedLocally(`active\nactive\n${listening}`, balancer), []);
        assert.deepEqual(unservedLocally("active\nactivating\n0.0.0.0:6443\n", balancer), [
            "keepalived is activating",
            "nothing listens for ingress-http on port 80",
        ]);
    });

    it("serves when every server was checked and each backend has one that is up", () => {
        const servers = (lastCheck: string, operational: "up" | "down" = "up") =>
            ["k8s-api", "ingress-http"].map((backend) => sampleServer(backend, "cp1", { lastCheck, operational }));
        assert.deepEqual(unservedBackends(balancer, servers("* L7OK")), []);
        assert.deepEqual(unservedBackends(balancer, servers("INI")), [
            "k8s-api/cp1 not checked yet",
            "ingress-http/cp1 not checked yet",
        ]);
        assert.deepEqual(unservedBackends(balancer, servers("L4CON", "down")), [
            "no server of k8s-api is up",
            "no server of ingress-http is up",
        ]);
    });
});
