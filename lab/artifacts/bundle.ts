import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { link, mkdir, readFile, readdir, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { ensureCached } from "../cache";
import type { Progress } from "../progress";
import { formatSeconds } from "../progress";
import { cachePath, recipeHash } from "../settings";
import { artifactEntry, ensureArtifact } from "./artifact";
import { clusterArtifacts, pulumiArtifact } from "./catalogue";
import { ensureDebianFiles } from "../image/debian";
import { sha256OfFile, writeImageArchive } from "./imageArchive";
import { type ImageRecipe, imageRecipes } from "./imageCatalogue";
import { ensureNetworkLayer, ensureProgramLayer, ensureSkeletonLayer } from "./imageLayers";

/** A folder with everything a cluster is made of: `bin`, `cni`, `images` and SHA256SUMS. */
export interface Bundle {
    readonly directory: string;
    /** sha256 of the SHA256SUMS file: names the bundle's exact contents. */
    readonly sha256sums: string;
}

/** Programs of the bundle by folder, as `artifact/program`. */
export const bundlePrograms: Readonly<Record<string, readonly string[]>> = {
    bin: [
        ...["kubernetes/kubeadm", "kubernetes/kubelet", "kubernetes/kubectl"],
        ...["containerd/containerd", "containerd/containerd-shim-runc-v2", "containerd/ctr"],
        ...["etcdctl/etcdctl", "etcdutl/etcdutl"],
    ],
    cni: ["bridge", "loopback", "host-local", "portmap", "firewall"].map((plugin) => `cni-plugins/${plugin}`),
};

/**
 * The bundle of this version of the lab, from the cache or made now: downloaded or built artifact by artifact, so that
 * an interrupted run continues where it stopped.
 */
export async function ensureBundle(progress: Progress): Promise<Bundle> {
    const started = Date.now();
    const directory = await bundlePath();
    if (!existsSync(directory)) {
        await ensureCached(path.basename(directory), (partial) => makeBundle(partial, progress));
        progress.note(`bundle complete after ${formatSeconds(Date.now() - started)}: ${directory}`);
    }
    const sums = await readFile(path.join(directory, "SHA256SUMS"));
    return { directory, sha256sums: createHash("sha256").update(sums).digest("hex") };
}

/** The folder of this version's bundle, if it is made already. */
export async function bundleDirectory(): Promise<string | undefined> {
    const directory = await bundlePath();
    return existsSync(directory) ? directory : undefined;
}

async function bundlePath(): Promise<string> {
    const entries = await Promise.all(clusterArtifacts.map(artifactEntry));
    return cachePath(`bundle-${recipeHash(entries, imageRecipes, bundlePrograms)}`);
}

/** The Pulumi command line, as a path in the cache. */
export async function ensurePulumi(progress: Progress): Promise<string> {
    const directory = await ensureArtifact(pulumiArtifact, progress);
    const tool = cachePath("tools", "pulumi");
    await mkdir(path.dirname(tool), { recursive: true });
    const program = path.join(directory, "pulumi");
    if ((await readlink(tool).catch(() => "")) !== program) {
        await rm(`${tool}.new`, { force: true });
        await symlink(program, `${tool}.new`);
        await rename(`${tool}.new`, tool);
    }
    return tool;
}

async function makeBundle(directory: string, progress: Progress): Promise<void> {
    const sources = new Map<string, string>();
    for (const artifact of clusterArtifacts) sources.set(artifact.name, await ensureArtifact(artifact, progress));
    sources.set("pause", await ensureDebianFiles("pause", ["catatonit"], progress));
    const locate = (program: string): string => {
        const [artifact = "", ...rest] = program.split("/");
        return path.join(sources.get(artifact) ?? artifact, ...rest);
    };
    for (const [folder, files] of Object.entries(bundlePrograms)) {
        await mkdir(path.join(directory, folder));
        for (const file of files) await link(locate(file), path.join(directory, folder, path.basename(file)));
    }
    await progress.during("container images", async (detail) => {
        await mkdir(path.join(directory, "images"));
        for (const recipe of imageRecipes) {
            detail(recipe.reference);
            const layers = await imageLayers(recipe, locate, progress);
            await writeImageArchive(recipe, layers, path.join(directory, "images", `${recipe.name}.tar`));
        }
    });
    await progress.during("checksums", () => writeChecksums(directory));
}

async function imageLayers(
    recipe: ImageRecipe,
    locate: (program: string) => string,
    progress: Progress,
): Promise<string[]> {
    const located = Object.entries(recipe.programs).map(([inImage, program]) => [inImage, locate(program)] as const);
    return [
        await ensureSkeletonLayer(),
        ...(recipe.networkTools ? [await ensureNetworkLayer(progress)] : []),
        await ensureProgramLayer(recipe.name, Object.fromEntries(located)),
    ];
}

/** Writes SHA256SUMS over every file, in the form of `sha256sum --check`. */
async function writeChecksums(directory: string): Promise<void> {
    const lines: string[] = [];
    for (const folder of ["bin", "cni", "images"]) {
        for (const file of (await readdir(path.join(directory, folder))).sort()) {
            const name = path.posix.join(folder, file);
            lines.push(`${await sha256OfFile(path.join(directory, name))}  ${name}\n`);
        }
    }
    await writeFile(path.join(directory, "SHA256SUMS"), lines.join(""));
}
