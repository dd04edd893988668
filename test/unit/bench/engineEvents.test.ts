import assert from "node:assert/strict";
import { engineErrors, resourceSteps } from "../../../bench/create/engineEvents";

const urn = (name: string): string =>
    `urn:pulumi:lab::quorate::quorate:index:HaCluster$quorate:index:ControlPlane$command:remote:Command::${name}`;
const line = (at: number, event: object): { text: string; at: number } => ({ at, text: JSON.stringify(event) });
const step = (kind: string, op: string, name: string) => ({ [kind]: { metadata: { op, urn: urn(name) } } });

describe("bench engine events", () => {
    it("become steps with their types, begin and end", () => {
        const steps = resourceSteps([
            line(4.2, step("resourcePreEvent", "create", "lab-pki")),
            line(4.3, step("resourcePreEvent", "same", "cp1-found")),
            line(4.4, step("resOutputsEvent", "same", "cp1-found")),
            line(5.1, step("resOutputsEvent", "create", "lab-pki")),
        ]);
        const types = ["quorate:index:HaCluster", "quorate:index:ControlPlane", "command:remote:Command"];
        assert.deepEqual(steps, [
            { name: "cp1-found", types, operation: "same", start: 4.3, end: 4.4 },
            { name: "lab-pki", types, operation: "create", start: 4.2, end: 5.1 },
        ]);
    });

    it("include a step that failed", () => {
        const [failed] = resourceSteps([
            line(1, step("resourcePreEvent", "create", "lab-pki")),
            line(3, step("resOpFailedEvent", "create", "lab-pki")),
        ]);
        assert.deepEqual([failed?.start, failed?.end], [1, 3]);
    });

    it("pass over what is no event, and steps that never ended", () => {
        const lines = [
            { text: "warning: a line for people", at: 0 },
            { text: "{ cut off", at: 0.1 },
            line(1, { preludeEvent: { config: {} } }),
            line(2, step("resourcePreEvent", "create", "lab-pki")),
        ];
        assert.deepEqual(resourceSteps(lines), []);
    });

    it("tell what the engine complained about", () => {
        const lines = [
            line(1, { diagnosticEvent: { severity: "debug", message: "found typescript" } }),
            line(2, { diagnosticEvent: { severity: "error", message: "cp1: step found failed\n" } }),
        ];
        assert.deepEqual(engineErrors(lines), ["cp1: step found failed"]);
    });
});
