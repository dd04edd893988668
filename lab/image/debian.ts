import { finish, run } from "../process";
import { ensureCached } from "../cache";
import type { Detail, Progress } from "../progress";
import { recipeHash } from "../settings";

/** The Debian release that hosts and images are made of. */
export const debianSuite = "trixie";

/** So that an interrupted build takes its mounts and children with it. */
const ownNamespaces = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];

/** Packages, and how much of a system to make of them. */
export interface DebianRequest {
    /** `minbase`: a system that boots. `extract`: only files; nothing of the packages is run. */
    readonly variant: "minbase" | "extract";
    readonly packages: readonly string[];
}

/** Unpacks Debian packages and all they need into an empty folder. @throws LabError with the end of the output */
export async function unpackDebian(request: DebianRequest, directory: string, detail: Detail): Promise<void> {
    const mirror = await machineDebianMirror();
    const options = ["--mode=root", `--variant=${request.variant}`, "--skip=output/dev"];
    const packages = [`--include=${request.packages.join(",")}`, '--aptopt=APT::Install-Recommends "false"'];
    const target = [debianSuite, directory, ...(mirror ? [mirror] : [])];
    await run("unshare", [...ownNamespaces, "mmdebstrap", ...options, ...packages, ...target], { onLine: detail });
}

/** The unpacked files of Debian packages and of what they need, as a folder in the cache. */
export async function ensureDebianFiles(
    name: string,
    packages: readonly string[],
    progress: Progress,
): Promise<string> {
    return ensureCached(`artifacts/${name}-${recipeHash(debianSuite, process.arch, packages)}`, (directory) =>
        progress.during(`${name}: ${packages.join(", ")} from Debian`, (detail) =>
            unpackDebian({ variant: "extract", packages }, directory, detail),
        ),
    );
}

/**
 * The package mirror that this machine's own apt uses for Debian, so that the hosts' file system comes from the same
 * place; undefined when it uses none and the image builder's default is right.
 */
async function machineDebianMirror(): Promise<string | undefined> {
    const fields = "$(ORIGIN)|$(REPO_URI)";
    const listed = await finish("apt-get", ["indextargets", "--format", fields, "Identifier: Packages"]);
    return listed.status === 0 ? debianMirror(listed.stdout) : undefined;
}

/** The first archive of Debian proper in `apt-get indextargets` lines of the form `origin|uri`. */
export function debianMirror(indexTargets: string): string | undefined {
    const archives = indexTargets.split("\n").map((line) => line.split("|"));
    const found = archives.find(([origin = "", uri = ""]) => maybeDebian.has(origin) && /\/debian\/?$/.test(uri));
    return found?.[1];
}

/** The origin is not known before the first `apt-get update`. */
const maybeDebian: ReadonlySet<string> = new Set(["Debian", "", "$(ORIGIN)"]);
