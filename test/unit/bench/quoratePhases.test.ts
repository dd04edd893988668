import assert from "node:assert/strict";
import type { ResourceStep } from "../../../bench/create/engineEvents";
import { quoratePhases } from "../../../bench/create/quoratePhases";

const step = (name: string, start: number, end: number, component = "ControlPlane"): ResourceStep => ({
    name,
    types: ["quorate:index:HaCluster", `quorate:index:${component}`, "command:remote:Command"],
    operation: "create",
    start,
    end,
});

describe("bench phases of quorate", () => {
    it("span from the first step's begin to the last one's end, between the engine's start and end", () => {
        const stack = { name: "quorate-lab", types: ["pulumi:pulumi:Stack"], operation: "same", start: 2, end: 11 };
        const founded = [step("cp1-found", 7, 9), step("cp2-found", 7.5, 10)];
        assert.deepEqual(quoratePhases([step("lab-control-plane-pki", 6, 7), ...founded, stack], 12), [
            { name: "engine start", start: 0, end: 2 },
            { name: "program start", start: 2, end: 6 },
            { name: "pki", start: 6, end: 7 },
            { name: "control planes founded", start: 7, end: 10 },
            { name: "engine end", start: 10, end: 12 },
        ]);
    });

    it("come in the order in which they begin, and may overlap", () => {
        const steps = [step("lab-network-addons", 30, 40, "Network"), step("w1-joined", 29, 38, "WorkerPool")];
        const names = quoratePhases(steps, 41).map(({ name }) => name);
        assert.deepEqual(names, ["engine start", "program start", "workers", "network and DNS", "engine end"]);
    });

    it("leave out components and steps that had nothing to do", () => {
        const component = { ...step("lab-control-plane", 1, 30), types: ["quorate:index:ControlPlane"] };
        const same = { ...step("cp1-prepare", 1, 2, "Host"), operation: "same" };
        const phases = quoratePhases([component, same, step("lab-verify", 31, 32)], 33);
        assert.deepEqual(
            phases.map(({ name }) => name),
            ["engine start", "program start", "verify", "engine end"],
        );
    });

    it("show a step they do not know by its own name", () => {
        const [, , phase] = quoratePhases([step("lab-something", 4, 5)], 6);
        assert.deepEqual(phase, { name: "lab-something", start: 4, end: 5 });
    });

    it("refuse a run that did the preparation's work inside the clock", () => {
        const steps = [step("w1-artifacts", 4, 9, "Artifacts"), step("lab-control-plane-pki", 9, 10)];
        assert.throws(() => quoratePhases(steps, 12), /inside the clock ran w1-artifacts;/);
    });
});
