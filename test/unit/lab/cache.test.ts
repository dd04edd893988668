import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { ensureCached, removeAbandonedEntries } from "../../../lab/cache";
import { temporaryLab } from "./support";

describe("lab cache", () => {
    const lab = temporaryLab();

    it("makes an entry once", async () => {
        let made = 0;
        const make = async (directory: string): Promise<void> => {
            made += 1;
            await writeFile(path.join(directory, "file"), "content");
        };
        const first = await ensureCached("artifacts/etcd-1", make);
        const second = await ensureCached("artifacts/etcd-1", make);
        assert.equal(made, 1);
        assert.equal(first, second);
        assert.ok(existsSync(path.join(first, "file")));
    });

    it("lets everyone read an entry, because it may become a host's root folder", async () => {
        const entry = await ensureCached("image-1", async () => undefined);
        assert.equal(statSync(entry).mode & 0o777, 0o755);
    });

    it("leaves nothing behind when making an entry fails", async () => {
        await assert.rejects(
            ensureCached("image-1", async (directory) => {
                await writeFile(path.join(directory, "half"), "");
                throw new Error("no space");
            }),
            /no space/,
        );
        assert.deepEqual(readdirSync(lab.path("cache")), []);
    });

    it("is content when another run made the entry meanwhile", async () => {
        const entry = await ensureCached("image-1", async () => {
            await ensureCached("image-1", (directory) => writeFile(path.join(directory, "theirs"), ""));
        });
        assert.deepEqual(readdirSync(entry), ["theirs"]);
        assert.deepEqual(readdirSync(lab.path("cache")), ["image-1"]);
    });

    it("removes what a killed run left, and nothing of a run that works", async () => {
        const entry = (name: string): string => lab.path("cache", "artifacts", name);
        const nobody = 4_194_305; // above the highest process number Linux gives
        for (const name of [`a-1.partial-${nobody}-x`, `b-1.partial-${process.pid}-x`, "c-1"]) {
            mkdirSync(entry(name), { recursive: true });
        }
        await removeAbandonedEntries();
        assert.deepEqual(readdirSync(lab.path("cache", "artifacts")).sort(), [`b-1.partial-${process.pid}-x`, "c-1"]);
    });

    it("ends what a killed run's child still does in the folder it removes", async () => {
        const folder = lab.path("cache", "image-1.partial-4194305-x");
        mkdirSync(folder, { recursive: true });
        const script = `while :; do mkdir -p "$0/$$"; done`;
        const orphan = spawn("sh", ["-c", script, folder], { stdio: "ignore" });
        await removeAbandonedEntries();
        assert.deepEqual(readdirSync(lab.path("cache")), []);
        if (orphan.signalCode === null) await once(orphan, "exit");
        assert.equal(orphan.signalCode, "SIGKILL");
    });
});
