import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { renderInstall } from "../../../components/artifacts/installScript";
import { renderNodes } from "../../../components/cluster/nodesScript";
import { renderVerify } from "../../../components/cluster/verifyScript";
import { type HostScript, renderHostScript } from "../../../components/command/hostScript";
import { renderRuntime } from "../../../components/containerRuntime/containerRuntime";
import {
    renderFinalize,
    renderFound,
    renderIdentity,
    renderInitialise,
    renderMember,
    renderPki,
} from "../../../components/controlPlane/controlPlaneScripts";
import { renderAccept } from "../../../components/host/acceptScript";
import { renderPrepare } from "../../../components/host/prepareScript";
import { renderLoadBalancer } from "../../../components/loadBalancer/loadBalancer";
import { renderAddons } from "../../../components/network/network";
import { renderJoinToken, renderWithdrawTokens } from "../../../components/workers/joinTokens";
import { populatedPools } from "../../../components/workers/pools";
import { renderWorkerJoin } from "../../../components/workers/workerPool";
import { configWith } from "../model/sampleConfig";

const components = path.resolve(__dirname, "../../../components");
const scripts = readdirSync(components, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".sh"));

function assertBash(text: string): void {
    const { status, stderr } = spawnSync("bash", ["--norc", "-n"], { input: text, encoding: "utf8" });
    assert.equal(status, 0, stderr);
}

/** Every step that exists, for hosts of every role, by name. */
function steps(): readonly HostScript[] {
    const config = configWith();
    const [lb1, , cp1, , , w1] = config.hosts;
    const [pool] = populatedPools(config);
    assert.ok(lb1 && cp1 && w1 && pool);
    const bundle = configWith(
        (input) => (input.artifacts = { source: "bundle", directory: "/it's here", sha256sums: "a".repeat(64) }),
    );
    return [
        ...[lb1, cp1, w1].map((host) => renderAccept(host, config, { founding: "0a" })),
        ...[lb1, cp1, w1].map((host) => renderPrepare(host, config)),
        renderInstall(config),
        renderInstall(bundle),
        renderRuntime("control-plane", config),
        renderRuntime("worker", bundle),
        renderLoadBalancer(lb1, config),
        renderPki(config, cp1),
        renderIdentity(),
        renderFound(config, cp1),
        renderMember(config, cp1),
        renderInitialise(config, cp1),
        renderFinalize(),
        renderJoinToken("1"),
        renderWithdrawTokens("1"),
        renderWorkerJoin(config, w1, pool.pool),
        renderAddons(config),
        renderNodes(config),
        renderVerify(config),
    ];
}

describe("shell scripts", function () {
    before(function () {
        if (process.platform === "win32") this.skip();
    });

    it("are found", () => assert.ok(scripts.length > 10));

    for (const name of scripts) {
        it(`${name} is bash`, () => assertBash(readFileSync(path.join(components, name), "utf8")));
    }

    for (const [index, script] of steps().entries()) {
        it(`the step ${script.step} is bash as it is sent, ${index + 1}`, () => assertBash(renderHostScript(script)));
    }

    it("all steps are tested here", () => {
        const tested = new Set(steps().map(({ step }) => step));
        const sources = readdirSync(components, { recursive: true, encoding: "utf8" })
            .filter((name) => name.endsWith(".ts"))
            .map((name) => readFileSync(path.join(components, name), "utf8"));
        const existing = sources.flatMap((text) => [...text.matchAll(/\bstep: "([a-z-]+)"/g)].map(([, step]) => step));
        assert.deepEqual([...tested].sort(), [...new Set(existing)].sort());
    });
});
