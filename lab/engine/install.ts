import {
    access,
    chmod,
    copyFile,
    link,
    lstat,
    mkdir,
    readFile,
    realpath,
    rename,
    rm,
    stat,
    utimes,
    writeFile,
} from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** The variables with which `pulumi` finds the installed engine; merge them over the process's own. */
export interface EngineEnvironment {
    readonly PATH: string;
    readonly PULUMI_HOME: string;
    readonly PULUMI_SKIP_UPDATE_CHECK: "true";
    readonly PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true";
}

/** A resource plugin by the name and version under which the engine looks for it. */
export interface PluginVersion {
    readonly name: string;
    readonly version: string;
}

/** The versions whose semantics the stand-ins follow: those of the npm packages that the product pins. */
export const standInPlugins: readonly PluginVersion[] = [
    { name: "command", version: "1.2.1" },
    { name: "kubernetes", version: "4.32.0" },
];

/** Folder of the compiled stand-ins, whether this module runs compiled or from its source. */
function compiledEngine(): string {
    const root = __filename.endsWith(".ts") ? resolve(__dirname, "../../dist") : resolve(__dirname, "../..");
    return join(root, "lab/engine");
}

async function exists(path: string): Promise<boolean> {
    return access(path).then(
        () => true,
        () => false,
    );
}

/** Writes an executable file in one step, so that an engine that starts meanwhile sees the old or the new one. */
async function writeProgram(path: string, text: string): Promise<void> {
    if ((await readFile(path, "utf8").catch(() => "")) === text) return;
    await mkdir(dirname(path), { recursive: true });
    const temporary = `${path}.${process.pid}.tmp`;
    await writeFile(temporary, text);
    await chmod(temporary, 0o755);
    await rename(temporary, path);
}

/** A hard link, or a copy on another file system: the engine looks for its language host beside its own real path. */
async function placeProgram(path: string, source: string): Promise<void> {
    const [placed, wanted] = await Promise.all([lstat(path).catch(() => undefined), stat(source)]);
    if (placed?.ino === wanted.ino && placed.dev === wanted.dev) return;
    if (placed?.size === wanted.size && placed.mtimeMs === wanted.mtimeMs) return;
    await mkdir(dirname(path), { recursive: true });
    const temporary = `${path}.${process.pid}.tmp`;
    await rm(temporary, { force: true });
    await link(source, temporary).catch(async () => {
        await copyFile(source, temporary);
        await utimes(temporary, wanted.atime, wanted.mtime);
    });
    await rename(temporary, path);
}

function quoted(word: string): string {
    return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A program that runs a compiled stand-in with the node that runs us. */
function wrapper(script: string): string {
    return `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(script)} "$@"\n`;
}

async function compiledScript(name: string): Promise<string> {
    const script = join(compiledEngine(), name, "main.js");
    if (await exists(script)) return script;
    throw new Error(`stand-in plugin is not built: ${script} is missing; run npm run build first`);
}

/** Where a plugin lives below PULUMI_HOME. */
export function pluginProgram(home: string, { name, version }: PluginVersion): string {
    return join(home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`);
}

/**
 * Lays out an engine that needs no download: the given `pulumi` with the stand-in language host beside it and the
 * stand-in resource plugins below PULUMI_HOME. Doing it again changes nothing.
 * @throws when the stand-ins have not been compiled, or `pulumiBinary` does not exist.
 */
export async function installEngine(options: { pulumiBinary: string; directory: string }): Promise<EngineEnvironment> {
    const { pulumiBinary, directory } = options;
    if (!(await exists(pulumiBinary)))
        throw new Error(`pulumi is missing: ${pulumiBinary}; expected: the engine's program`);
    const [bin, home] = [join(directory, "bin"), join(directory, "home")];
    await placeProgram(join(bin, "pulumi"), await realpath(pulumiBinary));
    await writeProgram(join(bin, "pulumi-language-nodejs"), wrapper(await compiledScript("languageHost")));
    for (const plugin of standInPlugins) {
        await writeProgram(pluginProgram(home, plugin), wrapper(await compiledScript(plugin.name)));
    }
    return {
        PATH: `${bin}:${process.env["PATH"] ?? ""}`,
        PULUMI_HOME: home,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
}

/** The user's own PULUMI_HOME. */
export function userPulumiHome(): string {
    return process.env["PULUMI_HOME"] || join(homedir(), ".pulumi");
}

/**
 * Tells whether the real engine can be used as it is: `pulumi` with its language host on the PATH and the real plugins
 * in the user's PULUMI_HOME. The missing parts are named by their paths or program names.
 */
export async function missingRealParts(home = userPulumiHome()): Promise<readonly string[]> {
    const folders = (process.env["PATH"] ?? "").split(":").filter((folder) => folder !== "");
    const programs = ["pulumi", "pulumi-language-nodejs"].map((name) => ({
        name,
        candidates: folders.map((folder) => join(folder, name)),
    }));
    const plugins = standInPlugins.map((plugin) => ({
        name: pluginProgram(home, plugin),
        candidates: [pluginProgram(home, plugin)],
    }));
    const missing: string[] = [];
    for (const { name, candidates } of [...programs, ...plugins]) {
        const found = await Promise.all(candidates.map(exists));
        if (!found.includes(true)) missing.push(name);
    }
    return missing;
}
