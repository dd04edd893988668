import assert from "node:assert/strict";
import { endConnectionsScript } from "../../../../maintenance/ports/addressMove";
import { openBalancerControl } from "../../../../maintenance/ports/balancerControl";
import * as hostScripts from "../../../../maintenance/ports/hostScripts";
import { openHostTeardown } from "../../../../maintenance/ports/hostTeardown";
import { RemoteError, type Remote } from "../../../../maintenance/ports/remote";
import { DetachedHost } from "../../../fakes/detachedHost";
import { LeaveCluster } from "../../../fakes/leaveCluster";
import { sampleInventory } from "../../../fakes/sampleCluster";
import { bashHost } from "../../components/bashHost";

const CLIENT = "10.89.0.1:1001";
/** What the programs of the host say. Nothing that is waited for ever comes: no connection is quiet, no process ends. */
const PROGRAMS: Readonly<Record<string, string>> = {
    curl: "echo 503",
    pgrep: "echo 77 kube-scheduler",
    pkill: "",
    sleep: "",
    socat: `read -r command
[ "$command" != "show sess" ] || echo "0x7f1: proto=tcpv4 src=${CLIENT} fe=k8s-api be=k8s-api srv=cp1 ts=00"`,
    ss: `echo "0 0 10.89.0.10:6443 ${CLIENT} bbr lastsnd:1900 lastrcv:1950 lastack:1"`,
    systemctl: "",
    "systemd-run": "",
};

describe("shell that waits on a host where every program takes a second, and a pause three", () => {
    const host = bashHost();
    const seconds = () => Number(host().read("/var/clock"));

    beforeEach(() => {
        host().write("/var/clock", "0");
        const clock = host().at("/var/clock");
        for (const [name, says] of Object.entries(PROGRAMS)) {
            const takes = name === "sleep" ? 3 : 1;
            host().fake(name, `echo $(($(cat "${clock}") + ${takes})) >"${clock}"\n${says}`);
        }
        host().fake("date", `cat "${clock}"`);
    });

    /** Gives up on a command that takes too long, as SSH does. */
    const remote: Remote = {
        async exec({ name }, command, { timeout } = {}) {
            const began = seconds();
            const { code, stdout, stderr } = host().run(command);
            if (timeout !== undefined && seconds() - began > timeout.wholeSeconds)
                throw new RemoteError(name, `no end within ${timeout}`);
            return { code: code ?? 1, stdout, stderr };
        },
        close: () => undefined,
    };

    it("gives the API connections up that have no quiet moment, and tells how many", async () => {
        assert.equal(await openBalancerControl(remote, sampleInventory()).endApiConnections("cp1"), 2);
    });

    it("gives the connections of an address up that do not end, and cuts them", () => {
        const moving = { address: "10.89.0.10", apiPort: 6443, adminSocket: "/run/x.sock", ingressPorts: [80] };
        assert.equal(host().run(endConnectionsScript(moving, 15, 30)).stdout, "1\n");
        assert.ok(seconds() <= 75, `${seconds()} s`);
    });

    it("says in time that the API server did not end, or did not start", () => {
        const cases: readonly [string, number, RegExp][] = [
            [hostScripts.stopApiServerScript([]), 165, /^kube-apiserver still runs 150 s after SIGTERM$/m],
            [hostScripts.START_API_SERVER, 135, /^kube-apiserver is not ready 120 s after .*; \/readyz says 503$/m],
        ];
        for (const [script, limit, expected] of cases) {
            const began = seconds();
            assert.match(host().run(script).stderr, expected);
            assert.ok(seconds() - began <= limit, `${seconds() - began} s`);
        }
    });

    it("says in time what a host that leaves still runs", async () => {
        const teardown = openHostTeardown(new DetachedHost(remote));
        const cp3 = new LeaveCluster().host("cp3");
        await assert.rejects(teardown.stopControllers(cp3), /still run 60 s after their manifests were removed/);
        assert.ok(seconds() <= 75, `${seconds()} s`);
        const began = seconds();
        await assert.rejects(teardown.stopApiServer(cp3), /still runs 150 s after its manifest was removed/);
        assert.ok(seconds() - began <= 165, `${seconds() - began} s`);
    });
});
