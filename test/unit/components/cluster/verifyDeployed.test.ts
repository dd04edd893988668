import assert from "node:assert/strict";
import { renderVerify } from "../../../../components/cluster/verifyScript";
import { configWith } from "../../model/sampleConfig";
import { bashHost } from "../bashHost";

const whole = renderVerify(configWith());
/** The step's functions, and of its questions the one about what is rolled out. */
const [functions] = whole.body.split("\nwait_for 120 ");
const step = { ...whole, body: `${functions ?? ""}\nwait_for 1 "the rollout" deployed`, bringsLibrary: true };

const NODES = ["cp1", "cp2", "cp3", "w1", "w2", "w3"];

describe("the verification of what is rolled out", () => {
    const host = bashHost();

    /** Says what `kubectl` tells of nodes and of available pods: of CoreDNS, kube-proxy and flannel. */
    function cluster(notReady: readonly string[], nodes: readonly string[], coredns: number, onNodes: number): void {
        const listed = nodes.map((name) => `${name} ${notReady.includes(name) ? "Unknown" : "True"}`).join("\n");
        const daemons = ["kube-proxy", "flannel"].map(
            (name) => `${name} 1 1 ${nodes.length} ${nodes.length} ${onNodes}`,
        );
        host().fake(
            "kubectl",
            `case "$*" in
                *"get nodes"*) echo "${listed}" ;;
                *) echo "${[`coredns 1 1 2 2 ${coredns}`, ...daemons].join("\n")}" ;;
            esac`,
        );
    }

    it("is over when all of it is available", () => {
        cluster([], NODES, 2, 6);
        assert.deepEqual(host().changes(step), []);
    });

    it("does not wait for a dead node that leaves with this very up", () => {
        cluster(["cp9"], [...NODES, "cp9"], 2, 6);
        assert.deepEqual(host().changes(step), []);
        cluster(["w9"], [...NODES, "w9"], 1, 6);
        assert.deepEqual(host().changes(step), []);
    });

    it("waits for a configured node, and for more than what the dead ones miss", () => {
        cluster(["w3"], NODES, 2, 5);
        assert.notEqual(host().step(step).code, 0);
        cluster(["cp9"], [...NODES, "cp9"], 2, 5);
        assert.notEqual(host().step(step).code, 0);
        assert.match(host().read("/var/log/quorate/verify.log"), /not yet: kube-proxy 1 1 7 7 5/);
    });

    it("wants one CoreDNS at least", () => {
        cluster(["w8", "w9"], [...NODES, "w8", "w9"], 0, 6);
        assert.notEqual(host().step(step).code, 0);
    });
});
