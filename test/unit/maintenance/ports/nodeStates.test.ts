import assert from "node:assert/strict";
import { parseNodeTable } from "../../../../maintenance/ports/nodeStates";

const table = (columns: readonly string[], cells: readonly string[][]) =>
    JSON.stringify({
        kind: "Table",
        columnDefinitions: columns.map((name) => ({ name, type: "string" })),
        rows: cells.map((row) => ({ cells: row, object: null })),
    });

describe("the API server's table of nodes", () => {
    it("tells conditions and who is cordoned", () => {
        const text = table(
            ["Name", "Status", "Roles"],
            [
                ["cp1", "Ready", "control-plane"],
                ["w1", "Ready,SchedulingDisabled", "<none>"],
                ["w2", "NotReady,SchedulingDisabled", "<none>"],
                ["w3", "Unknown", "<none>"],
            ],
        );
        assert.deepEqual(parseNodeTable(text), [
            { name: "cp1", condition: "Ready", cordoned: false },
            { name: "w1", condition: "Ready", cordoned: true },
            { name: "w2", condition: "NotReady", cordoned: true },
            { name: "w3", condition: "Unknown", cordoned: false },
        ]);
    });

    it("is looked for by the names of its columns", () => {
        assert.deepEqual(parseNodeTable(table(["Status", "Name"], [["Ready", "w1"]])), [
            { name: "w1", condition: "Ready", cordoned: false },
        ]);
    });

    it("without these columns is refused with those it has", () => {
        assert.throws(() => parseNodeTable(table(["Name", "Age"], [])), /has the columns Name, Age; expected Name and/);
    });
});
