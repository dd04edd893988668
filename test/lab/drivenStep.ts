import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { findHost } from "../../lab/topology";
import type { StepOrder, StepOutcome } from "./detachedStepDriver";
import type { HostsLab } from "./hostsLab";

const DRIVER = ["--require", "ts-node/register/transpile-only", path.join(__dirname, "detachedStepDriver.ts")];

/** How a step is run: by whom, and where needed through the bastion and within one session. */
export interface Way {
    readonly user: string;
    readonly bastion?: true;
    readonly attached?: true;
}

/** Runs a script on a host as `quorate` does, from the lab's network. */
export async function driveStep(lab: HostsLab, name: string, script: string, way: Way): Promise<StepOutcome> {
    const keys = path.join(lab.state, "keys");
    const place = (host: string) => {
        const key = readFileSync(path.join(keys, `host_${host}.pub`), "utf8");
        return { user: way.user, port: 22, hostKey: key.split(" ").slice(0, 2).join(" ") };
    };
    const order: StepOrder = {
        keyFile: path.join(keys, "id_ed25519"),
        host: { name, address: findHost(name).address, ssh: place(name) },
        ...(way.bastion && { proxy: { host: findHost("bastion").address, ...place("bastion") } }),
        script,
        ...(way.attached && { attached: true }),
    };
    const { stdout, stderr } = await lab.inNamespace(["node", ...DRIVER, JSON.stringify(order)]);
    assert.notEqual(stdout, "", stderr);
    return JSON.parse(stdout) as StepOutcome;
}
