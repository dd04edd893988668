import { ChildProcess, spawn } from "node:child_process";
import { readFileSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installEngine, pluginProgram } from "../../../lab/engine/install";
import { pulumiProgram } from "./pulumiProgram";
import { buildStandIns } from "./standIns";

const root = join(__dirname, "../../..");

/** How a `pulumi` command ended. */
export interface PulumiEnd {
    readonly code: number | null;
    /** Standard output and error together. */
    readonly output: string;
}

/** A Pulumi project with its own state, driven through the real command line. */
class PulumiProject {
    private environment: NodeJS.ProcessEnv = {};

    private constructor(readonly directory: string) {}

    /** Builds the stand-ins, lays out an engine and makes a project of the given files. */
    static async create(
        pulumi: string,
        files: Readonly<Record<string, string>>,
        variables: NodeJS.ProcessEnv,
    ): Promise<PulumiProject> {
        buildStandIns();
        const project = new PulumiProject(await mkdtemp(join(tmpdir(), "quorate-pulumi-")));
        const engine = await installEngine({ pulumiBinary: pulumi, directory: join(project.directory, "engine") });
        project.replaceByReal(engine.PULUMI_HOME);
        await mkdir(join(project.directory, "state"));
        project.environment = {
            ...process.env,
            ...engine,
            PULUMI_BACKEND_URL: `file://${join(project.directory, "state")}`,
            PULUMI_CONFIG_PASSPHRASE: "contract",
            SSH_AUTH_SOCK: undefined,
            ...variables,
        };
        const tsconfig = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8").replace(/^\s*\/\/.*$/gm, ""));
        const { compilerOptions } = tsconfig as { compilerOptions: object };
        await project.write({
            "Pulumi.yaml": "name: contract\nruntime: nodejs\n",
            "package.json": JSON.stringify({ name: "contract", version: "0.0.1", main: "index.ts" }),
            "tsconfig.json": JSON.stringify({ compilerOptions: { ...compilerOptions, types: ["node"], rootDir: "/" } }),
            ...files,
        });
        symlinkSync(join(root, "node_modules"), join(project.program, "node_modules"));
        return project;
    }

    /** The plugins named by variables take the places of the stand-ins. */
    private replaceByReal(home: string): void {
        const places = {
            QUORATE_COMMAND_PLUGIN: pluginProgram(home, { name: "command", version: "1.2.1" }),
            QUORATE_KUBERNETES_PLUGIN: pluginProgram(home, { name: "kubernetes", version: "4.32.0" }),
            QUORATE_LANGUAGE_HOST: join(this.directory, "engine/bin/pulumi-language-nodejs"),
        };
        for (const [variable, place] of Object.entries(places)) {
            const real = process.env[variable];
            if (real === undefined || real === "") continue;
            rmSync(place);
            symlinkSync(real, place);
        }
    }

    /** Folder of the program. */
    get program(): string {
        return join(this.directory, "program");
    }

    /** Writes files of the program. */
    async write(files: Readonly<Record<string, string>>): Promise<void> {
        for (const [name, text] of Object.entries(files)) {
            const path = join(this.program, name);
            await mkdir(join(path, ".."), { recursive: true });
            await writeFile(path, text);
        }
    }

    /** Starts `pulumi` and collects its output. */
    start(...args: string[]): { child: ChildProcess; end: Promise<PulumiEnd>; soFar: () => string } {
        const child = spawn("pulumi", ["--non-interactive", "--color", "never", ...args], {
            cwd: this.program,
            env: this.environment,
            stdio: ["ignore", "pipe", "pipe"],
        });
        let output = "";
        child.stdout.on("data", (piece: Buffer) => (output += piece.toString()));
        child.stderr.on("data", (piece: Buffer) => (output += piece.toString()));
        const end = new Promise<PulumiEnd>((resolve) => child.once("close", (code) => resolve({ code, output })));
        return { child, end, soFar: () => output };
    }

    /** Runs `pulumi` to its end. */
    run(...args: string[]): Promise<PulumiEnd> {
        return this.start(...args).end;
    }

    /** Runs `pulumi`. @throws with everything it said when it fails. */
    async succeed(...args: string[]): Promise<string> {
        const { code, output } = await this.run(...args);
        if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${output}`);
        return output;
    }

    /** The text of every file of the state backend, with checkpoints, history and backups. */
    stateFiles(): string {
        const folder = join(this.directory, "state");
        const files = readdirSync(folder, { recursive: true }) as string[];
        const paths = files.map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
        return paths.map((path) => readFileSync(path, "utf8")).join("\n");
    }

    /** Processes of this project's engine that still run, by command line. */
    processes(): string[] {
        return readdirSync("/proc")
            .filter((name) => /^\d+$/.test(name))
            .map((pid) => {
                try {
                    const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
                    return environment.includes(this.directory) ? readFileSync(`/proc/${pid}/cmdline`, "utf8") : "";
                } catch {
                    return "";
                }
            })
            .filter((line) => line !== "");
    }

    remove(): void {
        rmSync(this.directory, { recursive: true, force: true });
    }
}

/**
 * A project for all tests of a suite, with a stack `dev` and more variables for `pulumi` where it needs them. The tests
 * are skipped, with the reason, where no `pulumi` can be had.
 */
export function pulumiProject(
    files: Readonly<Record<string, string>>,
    variables: NodeJS.ProcessEnv = {},
): () => PulumiProject {
    let project: PulumiProject | undefined;
    before(async function () {
        this.timeout(0);
        const pulumi = await pulumiProgram();
        if ("missing" in pulumi) {
            console.log(`    skipped: ${pulumi.missing}`);
            return this.skip();
        }
        project = await PulumiProject.create(pulumi.path, files, variables);
        await project.succeed("stack", "init", "dev");
    });
    after(() => project?.remove());
    return () => {
        if (project === undefined) throw new Error("no project outside of a test");
        return project;
    };
}
