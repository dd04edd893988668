import { readFileSync } from "node:fs";
import { runDetached } from "../../maintenance/ports/detachedStep";
import type { RemoteHost } from "../../maintenance/ports/remote";
import { openSsh } from "../../maintenance/ports/ssh";
import { Duration } from "../../model/duration";

/** What came of a step, and when, in milliseconds since 1970: a line of JSON on standard output. */
export interface StepOutcome {
    readonly stdout?: string;
    readonly error?: string;
    readonly at: number;
}

/** Runs a detached step on a lab host as `quorate` does, as a process in the lab's network: KEY HOST-KEY ADDRESS SCRIPT. */
async function main([keyFile = "", hostKey = "", address = "", script = ""]: readonly string[]): Promise<void> {
    const host: RemoteHost = { name: "w1", address, ssh: { user: "root", port: 22, hostKey } };
    const remote = openSsh({ identity: { privateKey: readFileSync(keyFile, "utf8") } });
    const step = { unit: "quorate-test", script, what: "testing", deadline: Duration.seconds(90) };
    const told = await runDetached(remote, host, step).then(
        (stdout) => ({ stdout }),
        (error: Error) => ({ error: error.message }),
    );
    console.log(JSON.stringify({ ...told, at: Date.now() } satisfies StepOutcome));
    remote.close();
}

void main(process.argv.slice(2));
