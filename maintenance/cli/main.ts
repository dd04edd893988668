#!/usr/bin/env node
import { Command } from "commander";
import { readFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { abortCommand } from "./abortCommand";
import { EXIT, exitCodeOf, messageOf } from "./exitCodes";
import type { Io } from "./io";
import { leaveCommand } from "./leaveCommand";
import { probeCommand } from "./probeCommand";
import { startedByPulumi, whenPulumiIsGone } from "./pulumiTool";
import { rebootCommand } from "./rebootCommand";
import { resumeCommand } from "./resumeCommand";
import { statusCommand } from "./statusCommand";
import { unlockCommand } from "./unlockCommand";

/** The whole command line. Commands load what they need when they run, so that help is instant. */
export function program(io: Io): Command {
    const quorate = new Command("quorate")
        .description("Keeps highly available Kubernetes clusters alive that `pulumi up` has created.")
        .version(packageVersion())
        .addCommand(statusCommand(io))
        .addCommand(rebootCommand(io))
        .addCommand(resumeCommand(io))
        .addCommand(abortCommand(io))
        .addCommand(unlockCommand(io))
        .addCommand(probeCommand(io))
        .addCommand(leaveCommand(io), { hidden: true });
    const writeOut = (text: string) => void io.stdout.write(text);
    const writeErr = (text: string) => void io.stderr.write(text);
    for (const command of [quorate, ...quorate.commands]) {
        command
            .exitOverride()
            .showHelpAfterError("(run with --help for all options)")
            .configureOutput({ writeOut, writeErr });
    }
    return quorate;
}

/** Runs one command line and returns its exit status; every error ends here. */
export async function run(args: readonly string[], io: Io): Promise<number> {
    let code: number = EXIT.ok;
    try {
        await program({ ...io, exit: (given) => (code = given) }).parseAsync(args, { from: "user" });
        return code;
    } catch (error) {
        const message = messageOf(error);
        if (message !== undefined) io.stderr.write(`${message}\n`);
        return exitCodeOf(error);
    }
}

/** package.json stands three folders up when compiled into dist/ and two when run from the sources. */
function packageVersion(): string {
    const fromSources = __filename.endsWith(".ts");
    const path = join(__dirname, fromSources ? "../.." : "../../..", "package.json");
    return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}

async function readStdin(): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString("utf8");
}

/** A command that stops cleanly does so at the first signal, or when Pulumi is gone; a second signal ends it. */
function onInterrupt(stop: () => void, byPulumi: boolean): void {
    const end = () => process.exit(EXIT.interrupted);
    const first = () => {
        for (const signal of ["SIGINT", "SIGTERM"]) process.removeAllListeners(signal).on(signal, end);
        stop();
    };
    for (const signal of ["SIGINT", "SIGTERM"]) process.removeAllListeners(signal).on(signal, first);
    if (byPulumi) whenPulumiIsGone(first, process);
}

/** Where the user may not raise priorities it does without; a prober notices when that was too late. */
function goFirst(): void {
    try {
        os.setPriority(os.constants.priority.PRIORITY_HIGH);
    } catch {
        return;
    }
}

if (require.main === module) {
    process.on("SIGINT", () => process.exit(EXIT.interrupted));
    const { env: environment, stdout, stderr } = process;
    const byPulumi = startedByPulumi(environment);
    const io: Io = {
        environment,
        stdout,
        stderr,
        readStdin,
        exit: () => undefined,
        onInterrupt: (stop) => onInterrupt(stop, byPulumi),
        goFirst,
    };
    // Connections to hosts that do not answer would keep the process alive for seconds.
    void run(process.argv.slice(2), io).then((code) => process.exit(code));
}
