import assert from "node:assert/strict";
import { openHostTeardown } from "../../../../maintenance/ports/hostTeardown";
import type { Remote } from "../../../../maintenance/ports/remote";
import { DetachedHost } from "../../../fakes/detachedHost";
import { LeaveCluster } from "../../../fakes/leaveCluster";
import { type BashHost, bashHost } from "../../components/bashHost";

const MANIFESTS = "/etc/kubernetes/manifests";

/** Runs commands with the real bash in a host made of a folder. */
function remoteOn(host: BashHost): Remote {
    return {
        async exec(_host, command) {
            const { code, stdout, stderr } = host.run(command);
            return { code: code ?? 1, stdout, stderr };
        },
        close() {
            // Nothing is open.
        },
    };
}

describe("stopping scheduler and controller-manager on a host", () => {
    const host = bashHost();
    const cp3 = new LeaveCluster().host("cp3");
    const stop = () => openHostTeardown(new DetachedHost(remoteOn(host()))).stopControllers(cp3);

    beforeEach(() => {
        for (const name of ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"]) {
            host().write(`${MANIFESTS}/${name}.yaml`, name);
        }
        host().fake("pkill");
        host().fake("sleep");
        host().fake("systemctl");
        // Found once, gone at the second look.
        host().fake("pgrep", `[ $(grep -c "^pgrep" "${host().at("/calls")}") -lt 2 ]`);
    });

    it("takes their manifests away, leaves the others, and waits for kubelet to end them", async () => {
        await stop();
        assert.equal(host().run(`ls ${MANIFESTS}/`).stdout, "etcd.yaml\nkube-apiserver.yaml\n");
        const programs = host()
            .calls()
            .map((call) => call.split(" ")[0]);
        assert.deepEqual(programs, ["systemctl", "pgrep", "sleep", "pgrep"]);
    });

    it("ends the processes itself where no kubelet runs", async () => {
        host().fake("systemctl", "exit 3");
        await stop();
        assert.ok(host().calls().includes("pkill -TERM -f ^(kube-scheduler|kube-controller-manager) "));
    });

    it("says what still runs when they do not end", async () => {
        host().fake("pgrep", "echo 77 kube-scheduler --leader-elect=true");
        host().fake("date", `echo $(($(grep -c "^date" "${host().at("/calls")}") * 20))`);
        await assert.rejects(
            stop(),
            /cp3: stopping scheduler and .* exit status 1:\nkube-scheduler still run 60 s after their manifests/,
        );
    });
});
