import assert from "node:assert/strict";
import type { Context } from "mocha";
import { prepareLab } from "../../lab/prepare";
import { Progress } from "../../lab/progress";
import { labRefusal } from "./clusterLab";
import { HostsLab } from "./hostsLab";

const COLD_BUILD_MS = 80 * 60_000;

/** A lab with one host that has booted, for a `before`; skips its tests where no lab can run. Stop the lab after them. */
export async function startedHost(context: Context, host: string, traits = ""): Promise<HostsLab> {
    context.timeout(COLD_BUILD_MS);
    const refused = await labRefusal();
    if (refused !== undefined) {
        console.log(`    skipped: ${refused}`);
        return context.skip();
    }
    await prepareLab(new Progress());
    const hosts = new HostsLab();
    await hosts.start();
    try {
        const { status, stderr } = await hosts.lab("power", host, "on", "--traits", traits);
        assert.equal(status, 0, stderr);
    } catch (error) {
        await hosts.stop();
        throw error;
    }
    return hosts;
}
