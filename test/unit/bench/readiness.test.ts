import assert from "node:assert/strict";
import { lacking } from "../../../bench/create/readiness";

const node = (name: string, ready: "True" | "False" | "Unknown") => ({
    kind: "Node",
    metadata: { name },
    status: {
        conditions: [
            { type: "MemoryPressure", status: "False" },
            { type: "Ready", status: ready },
        ],
    },
});
const coredns = (status: object) => ({
    kind: "Deployment",
    metadata: { name: "coredns", generation: 2 },
    spec: { replicas: 2 },
    status,
});
const available = coredns({ observedGeneration: 2, availableReplicas: 2 });
const list = (...items: object[]): string => JSON.stringify({ kind: "List", items });

describe("bench end of the clock", () => {
    it("comes when all nodes are Ready and CoreDNS is available", () => {
        assert.deepEqual(lacking(list(node("cp1", "True"), node("w1", "True"), available), ["cp1", "w1"]), []);
    });

    it("waits for nodes that are not Ready, or not there", () => {
        const seen = list(node("cp1", "True"), node("w1", "False"), node("w2", "Unknown"), available);
        assert.deepEqual(lacking(seen, ["cp1", "w1", "w2", "w3"]), [
            "w1 is not Ready",
            "w2 is not Ready",
            "w3 is not Ready",
        ]);
    });

    it("waits for every replica of CoreDNS, of its newest generation", () => {
        const statuses = [
            {},
            { observedGeneration: 2, availableReplicas: 1 },
            { observedGeneration: 1, availableReplicas: 2 },
        ];
        for (const status of statuses) {
            assert.deepEqual(lacking(list(node("cp1", "True"), coredns(status)), ["cp1"]), [
                "CoreDNS is not available",
            ]);
        }
        assert.deepEqual(lacking(list(), []), ["CoreDNS is not available"]);
    });
});
