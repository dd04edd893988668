import assert from "node:assert/strict";
import { awaitProof } from "../../../../../maintenance/phases/reboot/awaitProof";
import { RebootingHost } from "./rebootingHost";

describe("a proof that is waited for", () => {
    it("warns of the doubt with which it passed", async () => {
        const host = new RebootingHost("cp1");
        const proofs = [
            { passed: false, seen: "404", doubt: "of a moment ago" },
            { passed: true, seen: "404", doubt: "all say 404" },
        ];
        await awaitProof(host.scope, "good answers", () => Promise.resolve(proofs.shift()!));
        assert.deepEqual(host.warnings, ["good answers came, but prove little: all say 404"]);
    });

    it("warns of nothing when there is no doubt", async () => {
        const host = new RebootingHost("cp1");
        await awaitProof(host.scope, "good answers", () => Promise.resolve({ passed: true, seen: "200" }));
        assert.deepEqual(host.warnings, []);
    });
});
