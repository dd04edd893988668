import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** A resource plugin that a program's packages need. */
export interface RequiredPackage {
    readonly name: string;
    /** With a leading v. */
    readonly version: string;
    /** Where to download it, when the package says so. */
    readonly server?: string;
}

/** What is read of a package.json. */
export interface PackageManifest {
    readonly name?: string;
    readonly version?: string;
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly pulumi?: {
        readonly resource?: boolean;
        readonly name?: string;
        readonly version?: string;
        readonly server?: string;
    };
}

/** Reads a folder's package.json; undefined when there is none that can be read. */
export function packageManifest(directory: string): PackageManifest | undefined {
    try {
        return JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as PackageManifest;
    } catch {
        return undefined;
    }
}

function entries(directory: string): string[] {
    try {
        return readdirSync(directory).filter((name) => !name.startsWith("."));
    } catch {
        return [];
    }
}

/** The folders of all packages installed for a folder, those nested in other packages included. */
function packageFolders(directory: string): string[] {
    const modules = join(directory, "node_modules");
    const direct = entries(modules).flatMap((name) =>
        name.startsWith("@")
            ? entries(join(modules, name)).map((scoped) => join(modules, name, scoped))
            : [join(modules, name)],
    );
    return direct.flatMap((folder) => [folder, ...packageFolders(folder)]);
}

function required({ name = "", version = "", pulumi }: PackageManifest): RequiredPackage[] {
    if (pulumi?.resource !== true) return [];
    const plugin = pulumi.name ?? (name.startsWith("@pulumi/") ? name.slice("@pulumi/".length) : undefined);
    const wanted = pulumi.version ?? version;
    if (plugin === undefined || wanted === "") return [];
    const server = pulumi.server === undefined ? {} : { server: pulumi.server };
    return [{ name: plugin, version: wanted.startsWith("v") ? wanted : `v${wanted}`, ...server }];
}

/** The resource plugins that the packages installed for a program ask for, each once. */
export function requiredPackages(programDirectory: string): RequiredPackage[] {
    const all = packageFolders(programDirectory).flatMap((folder) => required(packageManifest(folder) ?? {}));
    return [...new Map(all.map((found) => [`${found.name} ${found.version}`, found])).values()];
}

/** Name and installed version of each direct dependency of a program. */
export function programDependencies(programDirectory: string): { name: string; version: string }[] {
    const names = Object.keys(packageManifest(programDirectory)?.dependencies ?? {});
    return names.map((name) => {
        const installed = packageManifest(join(programDirectory, "node_modules", name));
        return { name, version: installed?.version ?? "" };
    });
}
