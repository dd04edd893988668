import { cp, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { finish, run } from "../process";
import { LabError } from "../errors";
import type { Detail } from "../progress";
import type { Artifact, GoBuild } from "./catalogue";
import { architecture } from "./versions";

const modulesDirectory = path.join(__dirname, "modules");

/** Arguments of `go` that build the packages into a folder, the same for every machine. */
export function goArguments(build: GoBuild, output: string): string[] {
    const flags = ["-s", "-w"];
    if (build.staticC) flags.push("-linkmode external", "-extldflags -static");
    for (const [variable, value] of Object.entries(build.variables ?? {})) flags.push(`-X ${variable}=${value}`);
    const common = ["-mod=readonly", "-buildvcs=false", "-trimpath", "-v"];
    return ["build", ...common, "-ldflags", flags.join(" "), "-o", `${output}/`, ...build.packages];
}

/** Everything that decides what a build produces: part of its cache entry's name. */
export async function goRecipe(build: GoBuild): Promise<unknown[]> {
    const read = (file: string): Promise<string> => readFile(path.join(modulesDirectory, build.module, file), "utf8");
    return [goArguments(build, ""), architecture, build.staticC ?? false, await read("go.mod"), await read("go.sum")];
}

/** Builds an artifact's programs into a folder. @throws LabError when Go is missing or too old, or the build fails */
export async function buildWithGo(artifact: Artifact, directory: string, detail: Detail): Promise<void> {
    await requireGo();
    const { build, programs } = artifact;
    const environment = { GOFLAGS: "", GOWORK: "off", CGO_ENABLED: build.staticC ? "1" : "0" };
    const onLine = (line: string): void => detail(line.slice(0, 100));
    // the module files are copied: `go` must never find a reason to write into the checkout
    const module = path.join(directory, ".module");
    await cp(path.join(modulesDirectory, build.module), module, { recursive: true });
    await run("go", goArguments(build, directory), { cwd: module, env: environment, onLine });
    await rm(module, { recursive: true });
    for (const [index, program] of programs.entries()) {
        const built = binaryName(build.packages[index] ?? "");
        if (built !== program) await rename(path.join(directory, built), path.join(directory, program));
    }
}

/** The file name `go build` gives a program: the last part of its import path that is not a major version. */
export function binaryName(importPath: string): string {
    const parts = importPath.split("/").filter((part) => !/^v\d+$/.test(part));
    return parts[parts.length - 1] ?? "";
}

async function requireGo(): Promise<void> {
    const version = await finish("go", ["env", "GOVERSION"]).catch(() => undefined);
    if (version?.status === 0) return;
    throw new LabError(
        "go is not on PATH; expected Go 1.26 or newer to build what cannot be downloaded; see go.dev/dl",
    );
}
