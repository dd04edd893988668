import assert from "node:assert/strict";
import type { LabError } from "../../../lab/errors";
import { ensurePrograms } from "../../../lab/programs";
import { Progress } from "../../../lab/progress";

describe("lab programs", () => {
    const silent = new Progress({ write: () => assert.fail("nothing is to be said"), now: () => 0 });
    const searchPath = process.env["PATH"];
    afterEach(() => {
        process.env["PATH"] = searchPath;
    });

    it("are left alone when they are there", async () => {
        await ensurePrograms(["unshare"], silent);
    });

    it("are named, with the packages that bring them, where they cannot be installed", async () => {
        process.env["PATH"] = "/nowhere";
        await assert.rejects(ensurePrograms(["unshare", "mmdebstrap"], silent), (error: LabError) =>
            /not installed: unshare, mmdebstrap; .*util-linux, mmdebstrap, debian-archive-keyring/.test(error.message),
        );
    });
});
