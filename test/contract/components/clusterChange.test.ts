import assert from "node:assert/strict";
import { hostInput } from "../../unit/model/sampleConfig";
import { REMOTE, record, usual } from "./support/recordedCluster";
import type { RecordedProgram } from "./support/recordedProgram";

describe("a changed configuration", () => {
    it("of one balancer's checks touches balancers only", async () => {
        const [before, after] = [
            await usual(),
            await record((input) => (input.endpoint.apiCheck = { interval: "500ms" })),
        ];
        assert.deepEqual(changed(before.program, after.program), ["lb1-load-balancer", "lb2-load-balancer"]);
    });

    it("with one more worker touches no other host but by labels, checks and the token", async () => {
        const [before, after] = [
            await usual(),
            await record((input) => input.hosts.push(hostInput("worker", "w4", 34))),
        ];
        assert.deepEqual(changed(before.program, after.program), [
            "sample-control-plane-pki",
            "sample-nodes",
            "sample-verify",
        ]);
    });

    it("without any change gives the same text again", async () => {
        const [before, after] = [await usual(), await record()];
        assert.deepEqual(changed(before.program, after.program), []);
    });
});

/** Steps on hosts that exist in both and have another text. */
function changed(before: RecordedProgram, after: RecordedProgram): readonly string[] {
    return before
        .ofType(REMOTE)
        .filter(({ name, inputs }) => after.get(name).inputs["create"] !== inputs["create"])
        .map(({ name }) => name)
        .sort();
}
