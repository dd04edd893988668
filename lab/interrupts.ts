import { exitCode } from "./errors";
import { stopRunningCommands } from "./process";

/** One key press can arrive twice, from the terminal and from npm; only a later one is a second wish. */
const samePressMs = 1_000;

/**
 * At the first SIGINT or SIGTERM, ends running commands and waits so that work stops where it is and cleans up behind
 * itself; at a second one, ends this program.
 */
export function handleInterrupts(): { happened(): boolean } {
    let first: number | undefined;
    const interrupt = (): void => {
        if (first === undefined) {
            first = Date.now();
            process.stderr.write("\nlab: interrupted, cleaning up; run the same command again to continue\n");
            stopRunningCommands();
        } else if (Date.now() - first > samePressMs) {
            process.exit(exitCode.interrupted);
        }
    };
    process.on("SIGINT", interrupt);
    process.on("SIGTERM", interrupt);
    return { happened: () => first !== undefined };
}
