import assert from "node:assert/strict";
import type { LabError } from "../../../lab/errors";
import { finish, run } from "../../../lab/process";

describe("lab process", () => {
    it("returns what a command printed", async () => {
        assert.equal(await run("sh", ["-c", "echo out; echo err >&2"]), "out\n");
    });

    it("passes input on standard input only", async () => {
        assert.equal(await run("cat", [], { input: "secret" }), "secret");
    });

    it("shows the end of the output when a command fails", async () => {
        await assert.rejects(run("sh", ["-c", "seq 100 >&2; exit 3"]), (error: LabError) => {
            assert.match(error.message, /^sh -c .* ended with status 3:/);
            return /\n100$/.test(error.message) && !/\n50\n/.test(error.message);
        });
    });

    it("says what could not be started", async () => {
        await assert.rejects(run("no-such-program", []), /cannot start no-such-program/);
    });

    it("reports lines of both streams while the command runs", async () => {
        const lines: string[] = [];
        const { status } = await finish("sh", ["-c", "echo a; echo b >&2; exit 5"], {
            onLine: (line) => lines.push(line),
        });
        assert.equal(status, 5);
        assert.deepEqual(lines.sort(), ["a", "b"]);
    });
});
