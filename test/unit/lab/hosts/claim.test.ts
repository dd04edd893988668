import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import type { LabError } from "../../../../lab/errors";
import { assertLabState, assertNothingMounted, claimState } from "../../../../lab/hosts/claim";
import { removeHosts } from "../../../../lab/hosts/remove";
import { temporaryLab } from "../support";

describe("the state folder of a lab", () => {
    const lab = temporaryLab();
    const put = (file: string) => {
        mkdirSync(lab.path("state", file, ".."), { recursive: true });
        writeFileSync(lab.path("state", file), "theirs");
    };
    const refused = (error: LabError) =>
        error.exitStatus === 2 &&
        /state holds photo\.jpg and no lab has made it; nothing was changed/.test(error.message);

    it("is new, empty, or its own", async () => {
        await claimState();
        assert.match(readFileSync(lab.path("state", "quorate-lab"), "utf8"), /belongs to a lab of quorate/);
        put("hosts/lb1/prepared");
        await claimState();
        await assertLabState();
    });

    it("is never somebody's folder with files in it, neither for a new lab nor to remove", async () => {
        put("photo.jpg");
        await assert.rejects(claimState(), refused);
        await assert.rejects(removeHosts(), refused);
        assert.deepEqual(readdirSync(lab.path("state")), ["photo.jpg"]);
        assert.equal(readFileSync(lab.path("state", "photo.jpg"), "utf8"), "theirs");
    });

    it("is a lab's that knew no mark, by its hosts and keys, or by its stacks", async () => {
        for (const file of ["hosts/lb1", "keys/id_ed25519", "keys/known_hosts"]) put(file);
        await assertLabState();
    });

    it("may not be there at all when it is removed", async () => {
        await assertLabState();
        assert.equal(existsSync(lab.path("state")), false);
    });

    it("has nothing mounted below it that a removal would reach through", async function () {
        if (process.platform !== "linux") this.skip();
        await assertNothingMounted();
        process.env["QUORATE_LAB_STATE"] = "/proc";
        await assert.rejects(assertNothingMounted(), /still mounted: .*\/proc/);
    });
});
