import assert from "node:assert/strict";
import { writeFileSync, mkdirSync } from "node:fs";
import { labEnvironment, renderExports } from "../../../lab/environment";
import { run } from "../../../lab/process";
import { temporaryLab } from "./support";

describe("lab environment", () => {
    const lab = temporaryLab();

    it("puts the lab's programs before the shell's own and keeps those", async () => {
        const script = `${renderExports(labEnvironment("/b", { PATH: "/engine" }))}printf %s "$PATH"`;
        const path = await run("/bin/sh", ["-c", script], { env: { PATH: "/own one:/own two" } });
        assert.equal(path, "/engine:/b/bin:/own one:/own two");
    });

    it("survives quotes in values", async () => {
        const script = `${renderExports({ VALUE: `it's "$HOME"` })}printf %s "$VALUE"`;
        assert.equal(await run("/bin/sh", ["-c", script]), `it's "$HOME"`);
    });

    it("names the kubeconfig only once there is one", () => {
        assert.equal("KUBECONFIG" in labEnvironment("/b", {}), false);
        mkdirSync(lab.path("state"));
        writeFileSync(lab.path("state", "kubeconfig"), "");
        assert.equal(labEnvironment("/b", {})["KUBECONFIG"], lab.path("state", "kubeconfig"));
    });
});
