import { spawn } from "node:child_process";

/** Runs a command of the operator's own in a shell on this machine, its output on standard error. */
export type LocalCommand = (command: string, environment: Readonly<Record<string, string>>) => Promise<void>;

/** @throws Error with the command's exit status or signal */
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
            else reject(new Error(`\`${command}\` ended with ${signal ?? `exit status ${code}`}; expected 0`));
        });
    });
