import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { LabError } from "../../../lab/errors";
import { whileLocked } from "../../../lab/lock";
import { temporaryLab } from "./support";

describe("lab lock", () => {
    const lab = temporaryLab();
    const file = (): string => lab.path("state.lock");

    it("refuses a second change while one runs, and names the process", async () => {
        await whileLocked(async () => {
            await assert.rejects(
                whileLocked(async () => undefined),
                (error: LabError) => error.exitStatus === 75 && error.message.includes(`process ${process.pid}`),
            );
        });
    });

    it("is free again after work that failed", async () => {
        await assert.rejects(
            whileLocked(() => Promise.reject(new Error("broken"))),
            /broken/,
        );
        assert.equal(existsSync(file()), false);
        assert.equal(await whileLocked(async () => "again"), "again");
    });

    it("takes over from a process that is gone, even when its number is used again", async () => {
        for (const dead of ["4194305 1", `${process.pid} 1`, ""]) {
            writeFileSync(file(), dead);
            await whileLocked(async () => assert.notEqual(readFileSync(file(), "utf8"), dead));
        }
    });
});
