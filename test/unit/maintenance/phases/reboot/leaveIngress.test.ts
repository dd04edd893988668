import assert from "node:assert/strict";
import { leaveIngress } from "../../../../../maintenance/phases/reboot/leaveIngress";
import { RebootingHost } from "./rebootingHost";

describe("going back into ingress without a reboot", () => {
    it("waits until the ingress answers: its pods were ended with the API server (TRAPS 63)", async () => {
        const host = new RebootingHost("cp1");
        host.proofs = [false, false, true];
        await leaveIngress.undo?.(host.scope);
        assert.deepEqual([host.proofs, host.done, host.warnings], [[true], ["cp1 ready"], []]);
    });

    it("takes no time when the ingress answers", async () => {
        const host = new RebootingHost("cp1");
        const began = host.clock.now();
        await leaveIngress.undo?.(host.scope);
        assert.deepEqual([host.done, host.clock.now()], [["cp1 ready"], began]);
    });

    it("does not wait for ever: users are let in all the same, and the person is told", async () => {
        const host = new RebootingHost("cp1");
        host.proofs = [false];
        await leaveIngress.undo?.(host.scope);
        assert.deepEqual(host.done, ["cp1 ready"]);
        assert.match(
            host.warnings.join(),
            /good answers through the ingress of cp1; last seen: an answer; .*all the same/,
        );
    });
});
