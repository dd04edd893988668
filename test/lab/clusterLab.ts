import { type ChildProcess } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse, stringify } from "yaml";
import { stackConfigFile, stackName, workloadsStackName } from "../../lab/cluster/pulumi";
import { machineFacts, machineFindings } from "../../lab/machine";
import type { Finished } from "../../lab/process";
import { type Wait, until } from "../../lab/wait";
import type { ClusterConfigInput } from "../../model/clusterConfig";
import type { WorkloadsConfigInput } from "../../model/workloadsConfig";
import { HostsLab } from "./hostsLab";

const checkout = path.resolve(__dirname, "../..");

/** A whole lab with its cluster, worked with as a person does: `npm run lab`, `pulumi`, `kubectl`, `quorate`. */
export class ClusterLab extends HostsLab {
    private environment: Record<string, string> = {};

    /** Makes the cluster, or finds it there. */
    async up(): Promise<Finished> {
        const result = await this.lab("up");
        await this.readEnvironment();
        return result;
    }

    /** The variables that `npm run lab -- env` prints; asked again after each `up`. */
    async readEnvironment(): Promise<void> {
        const shown = await this.inNamespace(["sh", "-c", `eval "$(${cliText} env)"; env -0`]);
        const pairs = shown.stdout.split("\0").filter((line) => /^(PATH|PULUMI_\w+|KUBECONFIG)=/.test(line));
        this.environment = Object.fromEntries(
            pairs.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
        );
    }

    /** The same as `npm run lab -- ssh`, without starting it anew for each of many commands. */
    override async on(host: string, command: string): Promise<string> {
        const result = await this.login("root", host, command);
        if (result.status !== 0) throw new Error(`${command} on ${host}: status ${result.status}: ${result.stderr}`);
        return result.stdout.trim();
    }

    /** Runs a program of the machine as in a shell after `eval "$(npm run lab -- env)"`. */
    program(...words: readonly string[]): Promise<Finished> {
        return this.inNamespace(["env", ...this.assignments(), ...words]);
    }

    pulumi(...words: readonly string[]): Promise<Finished> {
        return this.program("pulumi", ...words, "--stack", this.stack, "--non-interactive");
    }

    /** `pulumi` for the stack of what stands on the cluster. */
    pulumiWorkloads(...words: readonly string[]): Promise<Finished> {
        return this.program("pulumi", ...words, "--stack", workloadsStackName(this.state), "--non-interactive");
    }

    kubectl(...words: readonly string[]): Promise<Finished> {
        return this.program("kubectl", "--request-timeout=5s", ...words);
    }

    quorate(...words: readonly string[]): Promise<Finished> {
        return this.program(...this.quorateWords(words));
    }

    /** Starts `quorate`, to go on beside other work. */
    startQuorate(...words: readonly string[]): ChildProcess {
        return this.startProgram(...this.quorateWords(words));
    }

    /** Starts a program as `program` does, to go on beside other work. */
    startProgram(...words: readonly string[]): ChildProcess {
        return this.startInNamespace(["env", ...this.assignments(), ...words]);
    }

    /** Keeps the outputs of the last `up` where `quorate`, and the credentials where `kubectl` reads them. */
    async saveOutputs(): Promise<void> {
        const { stdout } = await this.pulumi("stack", "output", "--json", "--show-secrets");
        writeFileSync(this.outputs, stdout, { mode: 0o600 });
        const { kubeconfig } = JSON.parse(stdout) as { kubeconfig?: string };
        if (kubeconfig !== undefined) writeFileSync(this.kubeconfig, kubeconfig, { mode: 0o600 });
        this.environment["KUBECONFIG"] = this.kubeconfig;
    }

    /** The administrator's credentials. */
    get kubeconfig(): string {
        return path.join(this.state, "kubeconfig");
    }

    /** Starts `pulumi up`, to be interrupted. */
    startUp(): ChildProcess {
        return this.startProgram("pulumi", "up", "--yes", "--skip-preview", "--stack", this.stack, "--non-interactive");
    }

    /** Edits the cluster's configuration in the stack's file, as its owner would. */
    configure(edit: (cluster: ClusterConfigInput) => ClusterConfigInput): void {
        editStackFile(this.stack, "quorate:cluster", edit);
    }

    /** The same for what stands on the cluster. */
    configureWorkloads(edit: (workloads: WorkloadsConfigInput) => WorkloadsConfigInput): void {
        editStackFile(workloadsStackName(this.state), "quorate:workloads", edit);
    }

    get stack(): string {
        return stackName(this.state);
    }

    /** Where `quorate` keeps the runs of this lab's cluster. */
    get runs(): string {
        return path.join(this.state, "runs/quorate/lab/runs");
    }

    private get outputs(): string {
        return path.join(this.state, "outputs.json");
    }

    private quorateWords(words: readonly string[]): string[] {
        const outputs = ["--outputs", this.outputs, "--identity", path.join(this.state, "keys/id_ed25519")];
        return ["node", "dist/maintenance/cli/main.js", ...words, ...outputs];
    }

    private assignments(): string[] {
        const runs = { XDG_STATE_HOME: path.join(this.state, "runs") };
        return Object.entries({ ...this.environment, ...runs }).map(([name, value]) => `${name}=${value}`);
    }
}

function editStackFile<T>(stack: string, key: string, edit: (value: T) => T): void {
    const file = stackConfigFile(stack);
    const content = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
    content.config[key] = edit(content.config[key] as T);
    writeFileSync(file, stringify(content, { lineWidth: 0 }));
}

const cliText = `node --require ts-node/register/transpile-only ${path.join(checkout, "lab/main.ts")}`;

/** Why this machine cannot run lab tests; nothing when it can. */
export async function labRefusal(): Promise<string | undefined> {
    return machineFindings(await machineFacts()).find(({ kind }) => kind === "refused")?.text;
}

/** Waits for a command to succeed and print something that matches. */
export function untilPrinted(
    what: string,
    deadlineMs: number,
    observe: () => Promise<Finished>,
    pattern: RegExp,
): Promise<Finished> {
    const wait: Wait<Finished> = {
        what,
        deadlineMs,
        intervalMs: 500,
        observe,
        satisfied: ({ status, stdout }) => status === 0 && pattern.test(stdout),
        describe: ({ status, stdout, stderr }) => `status ${status}: ${stdout}${stderr}`,
    };
    return until(wait);
}
