import { closeSync, mkdirSync, openSync, statSync, writeSync } from "node:fs";
import { utils } from "ssh2";
import type { SFTPWrapper } from "ssh2";

const { STATUS_CODE, flagsToString } = utils.sftp;

/** Serves the machine's own files over SFTP: as much of the protocol as copying to a host needs. */
export function serveFiles(sftp: SFTPWrapper): void {
    const done = (request: number, act: () => void): void => {
        try {
            act();
            sftp.status(request, STATUS_CODE.OK);
        } catch (error) {
            const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
            sftp.status(request, missing ? STATUS_CODE.NO_SUCH_FILE : STATUS_CODE.FAILURE, String(error));
        }
    };
    const attributes = (request: number, path: string): void => {
        try {
            const { mode, uid, gid, size, atimeMs, mtimeMs } = statSync(path);
            sftp.attrs(request, { mode, uid, gid, size, atime: atimeMs / 1000, mtime: mtimeMs / 1000 });
        } catch {
            sftp.status(request, STATUS_CODE.NO_SUCH_FILE, "no such file");
        }
    };
    sftp.on("STAT", attributes).on("LSTAT", attributes);
    sftp.on("OPEN", (request, path, flags) => {
        try {
            const handle = Buffer.alloc(4);
            handle.writeUInt32BE(openSync(path, flagsToString(flags) ?? "r"));
            sftp.handle(request, handle);
        } catch (error) {
            sftp.status(request, STATUS_CODE.FAILURE, String(error));
        }
    });
    sftp.on("WRITE", (request, handle, offset, data) =>
        done(request, () => writeSync(handle.readUInt32BE(), data, 0, data.length, offset)),
    );
    sftp.on("FSTAT", (request) => sftp.attrs(request, { mode: 0o100644, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 }));
    sftp.on("SETSTAT", (request) => sftp.status(request, STATUS_CODE.OK));
    sftp.on("FSETSTAT", (request) => sftp.status(request, STATUS_CODE.OK));
    sftp.on("MKDIR", (request, path) => done(request, () => mkdirSync(path)));
    // As a file server does, it ends when its client has said everything.
    sftp.on("end", () => sftp.end());
    sftp.on("CLOSE", (request, handle) => done(request, () => closeSync(handle.readUInt32BE())));
}
