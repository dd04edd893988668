import assert from "node:assert/strict";
import { InterruptedError } from "../../../../maintenance/workflow/interruptedError";
import { runLocally } from "../../../../maintenance/workflow/localCommand";

describe("a command of the operator's own", () => {
    it("has what it needs to know in its environment", async () => {
        await runLocally('test "$HOST" = w1', { HOST: "w1" });
    });

    it("says how it ended, and does not repeat itself: it may hold a password", async () => {
        await assert.rejects(runLocally("token=secret; exit 3", {}), {
            message: "the command ended with exit status 3; expected 0",
        });
        await assert.rejects(runLocally("kill -TERM $$", {}), {
            message: "the command ended with SIGTERM; expected 0",
        });
    });

    it("that a person interrupts is no failure: Ctrl-C reaches it as well", async () => {
        await assert.rejects(runLocally("kill -INT $$", {}), InterruptedError);
    });
});
