import assert from "node:assert/strict";
import type { ClusterConfigInput } from "../../../model/clusterConfig";
import { readInput } from "../../../steps/remoteCommand";
import { hostInput } from "../../unit/model/sampleConfig";
import { RECORDED, REMOTE, record, settledCluster, usual } from "./support/recordedCluster";
import { type Recorded, type RecordedProgram, isSecret, plain } from "./support/recordedProgram";

describe("a changed configuration", () => {
    it("of one balancer's checks touches balancers only", async () => {
        const [before, after] = [
            await settledCluster(),
            await changedTo((input) => (input.endpoint.apiCheck = { interval: "500ms" })),
        ];
        assert.deepEqual(changed(before.program, after.program), ["lb1-load-balancer", "lb2-load-balancer"]);
    });

    it("with one more worker touches no other host but by labels, checks and the token", async () => {
        const [before, after] = [
            await settledCluster(),
            await changedTo((input) => input.hosts.push(hostInput("worker", "w4", 34)), ["w4"]),
        ];
        assert.deepEqual(changed(before.program, after.program), [
            "sample-join-token",
            "sample-nodes",
            "sample-verify",
            "sample-withdraw-tokens",
        ]);
    });

    it("shows its script in the preview, line by line, but for steps that bring a secret", async () => {
        const { program } = await usual();
        for (const { name, inputs } of program.ofType(REMOTE)) {
            if (isSecret(inputs["stdin"])) continue;
            const [size, first, second] = String(inputs["stdin"]).split("\n");
            assert.match(`${size} ${first} ${second}`, /^\d+ # quorate: [a-z-]+ set -euo pipefail$/, name);
        }
        assert.ok(!isSecret(program.get("lb1-load-balancer").inputs["stdin"]));
    });

    it("without any change gives the same text again", async () => {
        const [before, after] = [await settledCluster(), await changedTo(() => undefined)];
        assert.deepEqual(changed(before.program, after.program), []);
    });
});

const changedTo = (change: (input: ClusterConfigInput) => void, joining: readonly string[] = []) =>
    record(change, { joining, recorded: RECORDED });

/** Steps on hosts that exist in both, have another text, and run again for that. */
function changed(before: RecordedProgram, after: RecordedProgram): readonly string[] {
    return before
        .ofType(REMOTE)
        .filter(({ name, inputs }) => script(after.get(name)) !== script({ inputs }))
        .filter(({ name }) => !(after.get(name).options.ignoreChanges ?? []).includes("stdin"))
        .map(({ name }) => name)
        .sort();
}

/** The script of a step, without the secrets behind it. */
function script({ inputs }: Pick<Recorded, "inputs">): string | undefined {
    return readInput(plain<string>(inputs["stdin"]))?.script;
}
