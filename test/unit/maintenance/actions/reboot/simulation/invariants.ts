import assert from "node:assert/strict";
import type { RebootPlan } from "../../../../../../maintenance/actions/reboot/rebootPlan";
import { plannedHosts } from "../../../../../../maintenance/actions/reboot/rebootPlan";
import { RUN_ID } from "./simSession";
import type { World } from "./world";
import { isApiStopped } from "./worldRules";

/** Nothing that we did may have broken anything, at any time. */
export function assertNothingBroken(world: World): void {
    assert.deepEqual(world.violations, []);
}

/** Nothing of ours is on any host or in the cluster. */
export function assertNothingLeft(world: World): void {
    const hosts = [...world.hosts.values()];
    const names = (found: typeof hosts) => found.map(({ host }) => host.name);
    assert.deepEqual(names(hosts.filter(({ cordonedBy }) => cordonedBy === RUN_ID)), [], "cordoned");
    assert.deepEqual(names(hosts.filter(({ avoided }) => avoided)), [], "tainted");
    assert.deepEqual(names(hosts.filter((host) => isApiStopped(world, host))), [], "API server stopped");
    assert.deepEqual(
        [...world.ingress].filter(([, state]) => state !== "ready"),
        [],
        "in maintenance",
    );
    assert.deepEqual([...world.apiDrained], [], "API server drained");
    assert.equal(world.mirror, undefined, "mirror");
}

/** Every planned host has booted, and just once. */
export function assertAllBooted(world: World, plan: RebootPlan): void {
    for (const name of plannedHosts(plan)) assert.equal(world.hosts.get(name)!.boots, 1, `boots of ${name}`);
}

/** Everything that a run may change, apart from its own records. */
export function changeable({ hosts, pods, ingress, apiDrained, addressOwner, leader }: World): string {
    return JSON.stringify([...hosts.values(), ...pods.values(), ...ingress, ...apiDrained, addressOwner, leader]);
}
