import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { finish, run } from "../process";
import { stateDirectory } from "../settings";
import type { HostFolders } from "./folders";

/** Mount points at or below a folder, deepest first, from the text of /proc/self/mountinfo. */
export function mountsBelow(mountinfo: string, folder: string): string[] {
    return mountinfo
        .split("\n")
        .map((line) => decodeOctal(line.split(" ")[4] ?? ""))
        .filter((mountPoint) => mountPoint === folder || mountPoint.startsWith(`${folder}/`))
        .reverse();
}

/**
 * Mounts the host's file system over the image, if it is not mounted. A host that exists keeps the image it was first
 * started from.
 *
 * @returns true when the host still runs on an older image than the one given
 */
export async function mountHost(folders: HostFolders, imageFolders: readonly string[]): Promise<boolean> {
    const wanted = imageFolders.join(":");
    const recorded = await readFile(folders.lower, "utf8").catch(() => undefined);
    const usable = recorded?.split(":").every((folder) => existsSync(folder));
    const lower = recorded && usable ? recorded : wanted;
    const mountinfo = await readFile("/proc/self/mountinfo", "utf8");
    if (!mountsBelow(mountinfo, folders.root).includes(folders.root)) {
        await writeFile(folders.lower, lower);
        const options = `lowerdir=${lower},upperdir=${folders.upper},workdir=${folders.work}`;
        await run("mount", ["-t", "overlay", "overlay", "-o", options, folders.root]);
    }
    return lower !== wanted;
}

/** Unmounts everything at or below a folder, detaching what is still in use. */
export async function unmountBelow(folder: string): Promise<void> {
    for (const mountPoint of mountsBelow(await readFile("/proc/self/mountinfo", "utf8"), folder)) {
        const plain = await finish("umount", [mountPoint]);
        if (plain.status !== 0) await finish("umount", ["--lazy", mountPoint]);
    }
}

/** Unmounts everything that belongs to the lab. */
export async function unmountLab(): Promise<void> {
    await unmountBelow(stateDirectory());
}

function decodeOctal(field: string): string {
    return field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}
