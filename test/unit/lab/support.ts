import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** A folder that is there for each test of the suite and gone after it; the lab's state and cache point into it. */
export function temporaryLab(): { path(...parts: string[]): string } {
    let directory = "";
    const before = { state: process.env["QUORATE_LAB_STATE"], cache: process.env["QUORATE_CACHE"] };
    beforeEach(() => {
        directory = mkdtempSync(path.join(os.tmpdir(), "quorate-test-"));
        process.env["QUORATE_LAB_STATE"] = path.join(directory, "state");
        process.env["QUORATE_CACHE"] = path.join(directory, "cache");
    });
    afterEach(() => {
        rmSync(directory, { recursive: true, force: true });
        restore("QUORATE_LAB_STATE", before.state);
        restore("QUORATE_CACHE", before.cache);
    });
    return { path: (...parts) => path.join(directory, ...parts) };
}

function restore(name: string, value: string | undefined): void {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
}
