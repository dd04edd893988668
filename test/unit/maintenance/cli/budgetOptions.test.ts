import assert from "node:assert/strict";
import type { Command } from "commander";
import { program } from "../../../../maintenance/cli/main";

const io = { environment: {}, stdout: process.stdout, stderr: process.stderr };
const { commands } = program({ ...io, readStdin: () => Promise.resolve(""), exit: () => undefined });
const BUDGETS = ["--budget-failed", "--budget-outage", "--min-rate", "--max-stall"];

/** What a command says of the options that judge a measurement. */
function budgetsOf(name: string) {
    const command: Command | undefined = commands.find((candidate) => candidate.name() === name);
    return (command?.options ?? [])
        .filter(({ long }) => BUDGETS.includes(long ?? ""))
        .map(({ flags, description, defaultValue }) => ({ flags, description, default: String(defaultValue) }));
}

describe("the budget of a measurement", () => {
    it("has a default for what may fail, what must be sent and how long the prober may stand still", () => {
        assert.deepEqual(
            budgetsOf("probe").map((option) => option.default),
            ["0", "undefined", "0.98", "500ms"],
        );
    });

    for (const name of ["reboot", "resume", "abort"]) {
        it(`is the same beside quorate ${name} as for quorate probe`, () => {
            assert.deepEqual(budgetsOf(name), budgetsOf("probe"));
        });
    }
});
