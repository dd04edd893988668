import { readFileSync } from "node:fs";
import { runDetached } from "../../maintenance/ports/detachedStep";
import type { RemoteHost } from "../../maintenance/ports/remote";
import { type SshProxy, openSsh } from "../../maintenance/ports/ssh";
import { Duration } from "../../model/duration";

/** What came of a step, and when, in milliseconds since 1970: a line of JSON on standard output. */
export interface StepOutcome {
    readonly stdout?: string;
    readonly error?: string;
    readonly at: number;
}

/** What is to be run where; JSON as the only argument. */
export interface StepOrder {
    readonly keyFile: string;
    readonly host: RemoteHost;
    readonly proxy?: SshProxy;
    readonly script: string;
    /** Within one session instead of detached from it. */
    readonly attached?: true;
}

/** Runs a step on a lab host as `quorate` does, as a process in the lab's network. */
async function main([order = ""]: readonly string[]): Promise<void> {
    const { keyFile, host, proxy, script, attached } = JSON.parse(order) as StepOrder;
    const remote = openSsh({ identity: { privateKey: readFileSync(keyFile, "utf8") }, proxy });
    const step = { unit: "quorate-test", script, what: "testing", deadline: Duration.seconds(90) };
    const run = async () =>
        attached ? (await remote.exec(host, script)).stdout : await runDetached(remote, host, step);
    const told = await run().then(
        (stdout) => ({ stdout }),
        (error: Error) => ({ error: error.message }),
    );
    console.log(JSON.stringify({ ...told, at: Date.now() } satisfies StepOutcome));
    remote.close();
}

void main(process.argv.slice(2));
