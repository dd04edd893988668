import { chmod, link, mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { ensureCached } from "../cache";
import { run } from "../process";
import type { Progress } from "../progress";
import { recipeHash } from "../settings";
import { ensureDebianFiles } from "../image/debian";

/** Files that programs expect of any root file system. */
const skeletonFiles: Readonly<Record<string, string>> = {
    "etc/passwd": "root:x:0:0:root:/root:/sbin/nologin\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n",
    "etc/group": "root:x:0:\nnogroup:x:65534:\n",
    "etc/nsswitch.conf": "hosts: files dns\n",
};
const mergedFolders = ["bin", "sbin", "lib", "lib64"];
const networkPackages = ["nftables", "iptables", "conntrack", "busybox-static"];
const notNeeded = [
    ...["dev", "tmp", "var", "etc/apt", "etc/dpkg", "etc/hostname", "etc/resolv.conf", "etc/fstab"],
    ...["usr/share/doc", "usr/share/man", "usr/share/lintian", "usr/lib/x86_64-linux-gnu/gconv"],
];
const iptablesNames = ["iptables", "ip6tables"].flatMap((name) => [name, `${name}-save`, `${name}-restore`]);
const busyboxNames = ["sh", "cat", "cp", "echo", "ip", "ls", "mkdir", "mv", "ps", "rm", "sleep", "test", "wget"];

/** The lowest layer of every image: users, name service, /tmp. */
export async function ensureSkeletonLayer(): Promise<string> {
    return ensureLayer("skeleton", [skeletonFiles], async (stage) => {
        for (const [file, content] of Object.entries(skeletonFiles)) {
            await mkdir(path.dirname(path.join(stage, file)), { recursive: true });
            await writeFile(path.join(stage, file), content);
        }
        await mkdir(path.join(stage, "tmp"));
        await chmod(path.join(stage, "tmp"), 0o1777);
    });
}

/** nft, iptables, conntrack and a shell, for images that program the node's network. */
export async function ensureNetworkLayer(progress: Progress): Promise<string> {
    const files = await ensureDebianFiles("network-tools", networkPackages, progress);
    return ensureLayer("network", [files, notNeeded, mergedFolders, iptablesNames, busyboxNames], async (stage) => {
        await run("cp", ["--archive", "--link", `${files}/.`, stage]);
        for (const entry of notNeeded) await rm(path.join(stage, entry), { recursive: true, force: true });
        for (const folder of mergedFolders)
            await symlink(`usr/${folder}`, path.join(stage, folder)).catch(ignoreExisting);
        for (const name of iptablesNames) await symlink("xtables-nft-multi", path.join(stage, "usr/sbin", name));
        for (const name of busyboxNames)
            await symlink("busybox", path.join(stage, "usr/bin", name)).catch(ignoreExisting);
    });
}

/** A layer of programs: path in the image to file on the machine. */
export async function ensureProgramLayer(name: string, programs: Readonly<Record<string, string>>): Promise<string> {
    return ensureLayer(name, [programs], async (stage) => {
        for (const [inImage, file] of Object.entries(programs)) {
            const target = path.join(stage, inImage);
            await mkdir(path.dirname(target), { recursive: true });
            await link(file, target);
        }
    });
}

/**
 * A layer archive in the cache, the same bytes for the same files. `fill` puts the layer's files into a folder; they
 * must not be changed there, because they may be links.
 */
async function ensureLayer(
    name: string,
    recipe: readonly unknown[],
    fill: (stage: string) => Promise<void>,
): Promise<string> {
    const directory = await ensureCached(`artifacts/layer-${name}-${recipeHash(recipe)}`, async (partial) => {
        const stage = path.join(partial, "stage");
        const archive = path.join(partial, "layer.tar");
        await mkdir(stage);
        await fill(stage);
        await tar(stage, archive, await readdir(stage));
        await rm(stage, { recursive: true });
    });
    return path.join(directory, "layer.tar");
}

/** Packs entries of a folder so that only names, contents and modes decide the archive's bytes. */
export async function tar(directory: string, archive: string, entries: readonly string[]): Promise<void> {
    const stable = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--format=gnu"];
    await run("tar", [
        ...stable,
        "--hard-dereference",
        "-C",
        directory,
        "-cf",
        `${archive}.part`,
        ...[...entries].sort(),
    ]);
    await rename(`${archive}.part`, archive);
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
    if (error.code !== "EEXIST") throw error;
}
