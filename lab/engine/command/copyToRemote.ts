import { readFile, readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { SFTPWrapper, Stats } from "ssh2";
import { CheckFailure, Operation } from "../protocol/resourcePlugin";
import { PropertyMap, equal, isArchive, isAsset, isUnknown, plain } from "../protocol/values";
import { connectionOf } from "./connection";
import { dial } from "./dial";

/** What can be copied: a file or folder by path, or a text. */
export function checkSource(source: unknown): CheckFailure[] {
    const value = plain(source);
    const ok =
        value === undefined ||
        isUnknown(value) ||
        (isAsset(value) && (typeof value["path"] === "string" || typeof value["text"] === "string")) ||
        (isArchive(value) && typeof value["path"] === "string");
    const reason = "asset must be a path-based file asset or a text asset, archive must be a path";
    return ok ? [] : [{ property: "asset", reason }];
}

/** True when the content, by its hash, or the destination has changed. */
export function copyNeeded(olds: PropertyMap, news: PropertyMap): boolean {
    const hash = (properties: PropertyMap): unknown => (properties["source"] as PropertyMap)["hash"];
    return !equal(hash(olds), hash(news)) || olds["remotePath"] !== news["remotePath"];
}

/** The few file operations of SFTP as promises. */
class RemoteFiles {
    constructor(private readonly sftp: SFTPWrapper) {}

    private call<T>(
        what: string,
        act: (done: (error: Error | null | undefined, value: T) => void) => void,
    ): Promise<T> {
        return new Promise((resolve, reject) =>
            act((error, value) => (error ? reject(new Error(`failed to ${what}: ${error.message}`)) : resolve(value))),
        );
    }

    /** Undefined when there is nothing at the path. */
    async stat(path: string): Promise<Stats | undefined> {
        return new Promise((resolve, reject) =>
            this.sftp.stat(path, (error, stats) => {
                const missing = (error as { code?: number } | undefined)?.code === 2;
                if (!error) resolve(stats);
                else if (missing) resolve(undefined);
                else reject(new Error(`failed to stat remote path ${path}: ${error.message}`));
            }),
        );
    }

    write(path: string, content: Buffer): Promise<void> {
        return this.call(`write remote file ${path}`, (done) =>
            this.sftp.writeFile(path, content, (error) => done(error, undefined)),
        );
    }

    async makeFolders(path: string): Promise<void> {
        const found = await this.stat(path);
        if (found?.isDirectory()) return;
        if (found !== undefined) throw new Error(`remote path ${path} exists but is not a directory`);
        if (dirname(path) !== path) await this.makeFolders(dirname(path));
        await this.call<undefined>(`create remote directory ${path}`, (done) =>
            this.sftp.mkdir(path, (error) => done(error, undefined)),
        );
    }
}

async function copyFolder(files: RemoteFiles, source: string, destination: string): Promise<void> {
    await files.makeFolders(destination);
    for (const entry of await readdir(source, { withFileTypes: true })) {
        const [from, to] = [join(source, entry.name), join(destination, entry.name)];
        if (entry.isDirectory()) await copyFolder(files, from, to);
        else await files.write(to, await readFile(from));
    }
}

async function copyText(files: RemoteFiles, text: string, destination: string): Promise<void> {
    if ((await files.stat(destination))?.isDirectory()) {
        throw new Error(`remote path ${destination} is a directory; with a text asset, remotePath must be a file path`);
    }
    await files.makeFolders(dirname(destination));
    await files.write(destination, Buffer.from(text));
}

/** As cp does: a folder goes into an existing or new destination folder, `folder/` stands for what is in it. */
async function copyPath(files: RemoteFiles, source: string, destination: string): Promise<void> {
    const target = await files.stat(destination);
    if ((await stat(source)).isDirectory()) {
        await files.makeFolders(destination);
        return copyFolder(files, source, source.endsWith("/") ? destination : join(destination, basename(source)));
    }
    if (target?.isDirectory()) return files.write(join(destination, basename(source)), await readFile(source));
    if (target === undefined) await files.makeFolders(dirname(destination));
    return files.write(destination, await readFile(source));
}

/** Copies the source to the remote path over SFTP. Deleting the resource later leaves the copy where it is. */
export async function copyToRemote(operation: Operation, properties: PropertyMap): Promise<void> {
    const { text, path } = properties["source"] as { text?: string; path?: string };
    const destination = String(properties["remotePath"]);
    const client = await dial(connectionOf(properties), operation.signal, () => undefined);
    const abort = (): void => void client.destroy();
    operation.signal.addEventListener("abort", abort);
    try {
        const sftp = await new Promise<SFTPWrapper>((resolve, reject) => {
            client.sftp((error, session) => (error ? reject(error) : resolve(session)));
            client.once("close", () => reject(new Error("the connection was lost")));
        });
        const files = new RemoteFiles(sftp);
        await (text === undefined ? copyPath(files, String(path), destination) : copyText(files, text, destination));
    } finally {
        operation.signal.removeEventListener("abort", abort);
        client.end();
    }
}
