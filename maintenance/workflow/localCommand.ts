import { spawn } from "node:child_process";
import { InterruptedError } from "./interruptedError";

/** Runs a command of the operator's own in a shell on this machine, its output on standard error. */
export type LocalCommand = (command: string, environment: Readonly<Record<string, string>>) => Promise<void>;

/**
 * The error does not repeat the command: it may hold a password, and a webhook may be told of the error.
 * @throws InterruptedError when it was ended by SIGINT, because a Ctrl-C at the terminal reaches it as well
 * @throws Error with its exit status or signal
 */
export const runLocally: LocalCommand = (command, environment) =>
    new Promise((resolve, reject) => {
        const child = spawn(command, {
            shell: true,
            stdio: ["ignore", 2, 2],
            env: { ...process.env, ...environment },
        });
        child.on("error", reject);
        child.on("close", (code, signal) => {
            if (code === 0) resolve();
            else if (signal === "SIGINT") reject(new InterruptedError("the command was ended by SIGINT"));
            else reject(new Error(`the command ended with ${signal ?? `exit status ${code}`}; expected 0`));
        });
    });
