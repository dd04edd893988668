import { createHash } from "node:crypto";
import { chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { LabError } from "../errors";
import { run } from "../process";
import type { Detail } from "../progress";
import type { Artifact, ReleaseFile } from "./catalogue";

const probeTimeout = 4_000;
const downloadTimeout = 600_000;
const reachable = new Map<string, Promise<boolean>>();

/** Whether the project's own site answers from here; asked once per site and program run. */
export function releaseIsReachable(artifact: Artifact): Promise<boolean> {
    const url = artifact.release?.files[0]?.checksumUrl;
    if (!url) return Promise.resolve(false);
    const site = new URL(url).origin;
    const known = reachable.get(site) ?? answers(url);
    reachable.set(site, known);
    return known;
}

/** Downloads an artifact's programs into a folder and checks each file. @throws LabError on a wrong checksum */
export async function downloadRelease(artifact: Artifact, directory: string, detail: Detail): Promise<void> {
    for (const file of artifact.release?.files ?? []) {
        detail(`downloading ${file.url}`);
        const [content, checksums] = await Promise.all([download(file.url), download(file.checksumUrl)]);
        verify(file, content, checksums.toString("utf8"));
        await unpack(file, content, directory);
    }
}

/** The checksum of a file in a published list, or the list itself when it is one bare checksum. */
export function publishedChecksum(list: string, fileName: string): string | undefined {
    const lines = list.split("\n").map((line) => line.trim().split(/\s+\*?/));
    const named = lines.find(([, name]) => name !== undefined && path.posix.basename(name) === fileName);
    const bare = lines.filter(([sum]) => sum).length === 1 && lines[0]?.length === 1 ? lines[0] : undefined;
    const [sum] = named ?? bare ?? [];
    return sum && /^[0-9a-f]{64}$/.test(sum) ? sum : undefined;
}

function verify(file: ReleaseFile, content: Buffer, checksums: string): void {
    const expected = publishedChecksum(checksums, path.posix.basename(file.url));
    if (!expected) throw new LabError(`no sha256 for ${file.url} in ${file.checksumUrl}; nothing was installed`);
    const actual = createHash("sha256").update(content).digest("hex");
    if (actual === expected) return;
    throw new LabError(`${file.url} has sha256 ${actual}; expected ${expected} by ${file.checksumUrl}; try again`);
}

async function unpack(file: ReleaseFile, content: Buffer, directory: string): Promise<void> {
    const downloaded = path.join(directory, path.posix.basename(file.url));
    await writeFile(downloaded, content);
    if (!file.members) return chmod(downloaded, 0o755);
    const unpacked = path.join(directory, ".unpacked");
    await mkdir(unpacked);
    await run("tar", ["-xzf", downloaded, "-C", unpacked, ...file.members]);
    for (const member of file.members) {
        await rename(path.join(unpacked, member), path.join(directory, path.basename(member)));
    }
    await rm(unpacked, { recursive: true });
    await rm(downloaded);
}

async function answers(url: string): Promise<boolean> {
    try {
        return (await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(probeTimeout) })).ok;
    } catch {
        return false;
    }
}

async function download(url: string): Promise<Buffer> {
    try {
        const response = await fetch(url, { signal: AbortSignal.timeout(downloadTimeout) });
        if (response.ok) return Buffer.from(await response.arrayBuffer());
        throw new Error(`status ${response.status}`);
    } catch (error) {
        throw new LabError(
            `cannot download ${url}: ${(error as Error).message}; try again, or check the proxy settings`,
        );
    }
}
