import { Command } from "commander";
import { followConsole } from "./commands/console";
import { down } from "./commands/down";
import { env } from "./commands/env";
import { power } from "./commands/power";
import { reboot } from "./commands/reboot";
import { type ResetOptions, reset } from "./commands/reset";
import { ssh } from "./commands/ssh";
import { status } from "./commands/status";
import { up } from "./commands/up";
import { LabError, exitCode } from "./errors";
import { handleInterrupts } from "./interrupts";

const TRAITS_HELP = "what a new host is like, as a list with commas; a name that is wrong shows them all";

/** A command's work; a number is its exit status. */
type Work = () => Promise<number | void>;

function program(run: (work: Work) => Promise<void>): Command {
    const lab = new Command("npm run lab --").enablePositionalOptions().showHelpAfterError();
    lab.description("A highly available cluster on eight hosts, all on this machine.");
    lab.command("up", { isDefault: true })
        .description("make what is not there yet")
        .action(() => run(up));
    lab.command("down")
        .description("remove everything but the cache")
        .action(() => run(down));
    lab.command("status")
        .description("the hosts (power, SSH, memory, disk) and the cluster")
        .action(() => run(status));
    lab.command("env")
        .description("print shell exports for kubectl and pulumi")
        .action(() => run(env));
    lab.command("ssh")
        .description("a shell or a command on a host")
        .argument("<host>")
        .argument("[command...]")
        .passThroughOptions()
        .action((host: string, command: string[]) => run(() => ssh(host, command)));
    lab.command("console")
        .description("follow a host's console")
        .argument("<host>")
        .action((host: string) => run(() => followConsole(host)));
    lab.command("power")
        .description("pull a host's plug, or start it; spare hosts as well")
        .argument("<host>")
        .argument("<state>", "on or off")
        .option("--traits <names>", TRAITS_HELP)
        .action((host: string, state: string, options: { traits?: string }) =>
            run(() => power(host, state, options.traits)),
        );
    lab.command("reboot")
        .description("reboot all hosts under load with quorate reboot; more of its options may follow")
        .argument("[option...]")
        .allowUnknownOption()
        .passThroughOptions()
        .helpOption(false)
        .action((options: string[]) => run(() => reboot(options)));
    lab.command("reset")
        .description("throw hosts away, data and all, and start new ones")
        .argument("[host...]", "all of the default topology when none is named")
        .option("--new-keys", "with other SSH host keys, as after an installation")
        .option("--traits <names>", TRAITS_HELP)
        .action((hosts: string[], options: ResetOptions) => run(() => reset(hosts, options)));
    return lab;
}

async function main(): Promise<number> {
    let status: number = exitCode.ok;
    const lab = program(async (work) => {
        status = (await work()) ?? exitCode.ok;
    });
    for (const command of [lab, ...lab.commands]) command.exitOverride();
    const interrupts = handleInterrupts();
    try {
        await lab.parseAsync();
        return interrupts.happened() ? exitCode.interrupted : status;
    } catch (error) {
        return interrupts.happened() ? exitCode.interrupted : report(error);
    }
}

function report(error: unknown): number {
    if (error instanceof LabError) {
        process.stderr.write(`lab: ${error.message}\n`);
        return error.exitStatus;
    }
    const { code, exitCode: status, stack } = error as { code?: string; exitCode?: number; stack?: string };
    if (code?.startsWith("commander.")) return status === 0 ? exitCode.ok : exitCode.usage;
    process.stderr.write(`lab: ${stack ?? String(error)}\n`);
    return exitCode.failed;
}

void main().then((status) => process.exit(status));
