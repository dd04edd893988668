import assert from "node:assert/strict";
import { PassThrough, Writable } from "node:stream";
import { startedByPulumi, whenPulumiIsGone } from "../../../../maintenance/cli/pulumiTool";

describe("quorate as a tool of Pulumi", () => {
    it("knows that Pulumi has started it, and does not say so to what it starts itself", () => {
        const environment: NodeJS.ProcessEnv = { PULUMI_RPC_TARGET: "127.0.0.1:40001", PULUMI_HOME: "/home" };
        assert.equal(startedByPulumi(environment), true);
        assert.deepEqual(environment, { PULUMI_HOME: "/home" });
        assert.equal(startedByPulumi(environment), false);
    });

    it("notices the end of Pulumi by that of its input, not by what was typed", async () => {
        const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
        let gone = 0;
        whenPulumiIsGone(() => gone++, { stdin, stdout, stderr });
        stdin.write("y\n");
        await new Promise(setImmediate);
        assert.equal(gone, 0);
        stdin.end();
        await new Promise((resolve) => stdin.once("close", resolve));
        assert.equal(gone, 1);
    });

    it("goes on when nobody reads what it prints", async () => {
        const broken = () => new Writable({ write: (_chunk, _encoding, done) => done(new Error("write EPIPE")) });
        const [stdout, stderr] = [broken(), broken()];
        whenPulumiIsGone(() => undefined, { stdin: new PassThrough(), stdout, stderr });
        for (const stream of [stdout, stderr]) {
            const closed = new Promise((resolve) => stream.once("close", resolve));
            stream.write("uncordoned w1\n");
            await closed;
            assert.match(String(stream.errored), /EPIPE/);
        }
    });
});
