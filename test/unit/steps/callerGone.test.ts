import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stepLibrary } from "../../../components/command/hostScript";
import { remoteInput } from "../../../steps/remoteCommand";
import { LoginHost, loginShells } from "./shells";

/** Stays as a process above what it runs, as the real one does. */
const STAYING_SUDO = `#!/bin/sh
[ "$1" = -n ] || exit 99
shift
"$@"
`;
const WAITS = `${stepLibrary()}
step=test caller=$(parent)
exec 4>&2
echo began
wait_for 60 "the moon" false`;

describe("a step that waits when its SSH session ends", () => {
    let host: LoginHost;
    before(function () {
        if (process.platform !== "linux") this.skip();
    });
    beforeEach(() => {
        host = new LoginHost();
        host.program("sudo", STAYING_SUDO);
    });
    afterEach(() => host.remove());

    for (const user of ["root", "deploy"]) {
        for (const shell of loginShells().slice(0, 2)) {
            it(`gives up, begun by ${user} in ${shell}`, async () => {
                const [input, output] = ["input", "output"].map((name) => path.join(host.home, name));
                assert.ok(input && output);
                writeFileSync(input, remoteInput(WAITS));
                // In the place of sshd, whose session process ends with the connection.
                const session = spawn("/bin/bash", [
                    "--norc",
                    "-c",
                    'exec -a sshd bash --norc -c \'"$0" -c "$1" <"$2" >"$3" 2>&1 & wait\' "$@"',
                    "sshd",
                    ...[shell, host.command(user), input, output],
                ]);
                const seen = (words: RegExp) => eventually(() => words.test(readFileSync(output, "utf8")), output);
                await seen(/^began$/m);
                session.kill("SIGKILL");
                await seen(/abandoned while waiting for the moon/);
            });
        }
    }
});

async function eventually(holds: () => boolean, file: string): Promise<void> {
    for (let tries = 0; tries < 400; tries += 1) {
        try {
            if (holds()) return;
        } catch {
            // The file is not there yet.
        }
        await new Promise((resolve) => setTimeout(resolve, 25));
    }
    assert.fail(readFileSync(file, "utf8"));
}
