import assert from "node:assert/strict";
import { type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { until } from "../../../lab/wait";
import type { ClusterLab } from "../clusterLab";
import { memberNames } from "./changed";
import { healthy } from "./healthy";

/** Where `up` is interrupted, by what it has just begun, and how. */
const POINTS: readonly { readonly during: string; readonly signal: NodeJS.Signals }[] = [
    { during: "cp1-runtime", signal: "SIGINT" },
    { during: "cp2-found", signal: "SIGKILL" },
    { during: "lab-control-plane-initialise", signal: "SIGKILL" },
    { during: "w2-joined", signal: "SIGINT" },
    { during: "lab-verify", signal: "SIGKILL" },
];

export function interrupted(lab: ClusterLab): void {
    for (const { during, signal } of POINTS) {
        it(`by ${signal} while ${during} runs, a second pulumi up converges`, async () => {
            await startOver(lab);
            await interruptAt(lab.startUp(), during, signal);
            await lab.pulumi("cancel", "--yes");
            const { status, stdout, stderr } = await lab.pulumi("up", "--yes", "--skip-preview");
            assert.equal(status, 0, stdout + stderr);
            assert.deepEqual(await memberNames(lab), ["cp1", "cp2", "cp3"]);
            await lab.saveOutputs();
            await healthy(lab);
        });
    }
}

/** New hosts, and a stack that has made nothing yet. */
export async function startOver(lab: ClusterLab): Promise<void> {
    await lab.pulumi("cancel", "--yes");
    const reset = await lab.lab("reset");
    assert.equal(reset.status, 0, reset.stderr);
    const emptied = await lab.pulumi("state", "delete", "--all", "--force", "--yes");
    assert.equal(emptied.status, 0, emptied.stderr);
}

async function interruptAt(up: ChildProcess, during: string, signal: NodeJS.Signals): Promise<void> {
    let output = "";
    up.stdout?.on("data", (data: Buffer) => (output += data.toString()));
    const ended = once(up, "exit");
    await until({
        what: `${during} to begin`,
        deadlineMs: 240_000,
        intervalMs: 20,
        observe: () => output,
        satisfied: (text) => text.includes(`command:remote:Command ${during} creating`),
        describe: (text) => text.slice(-500),
    });
    up.kill(signal);
    await ended;
}
