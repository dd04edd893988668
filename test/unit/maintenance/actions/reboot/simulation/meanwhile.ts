import type { Random } from "./random";
import type { SimHost, World } from "./world";
import { isUp } from "./worldRules";

const HOUR_MILLISECONDS = 3_600_000;

/** An hour in which nobody drives the run: what was handed over may have come back, and a person may have opened the nodes. */
export function anHourLater(world: World, dice: Random): void {
    world.now += HOUR_MILLISECONDS;
    elect(world, dice);
    if (!dice.chance(0.2)) return;
    for (const host of world.hosts.values()) host.cordonedBy = undefined;
}

/** A host dies; what it had goes to another one. */
export function takeDown(world: World, dice: Random, host: SimHost): void {
    host.upAt = Infinity;
    elect(world, dice);
}

/** Leader and address are with any host that can have them. */
function elect(world: World, dice: Random): void {
    const up = (role: SimHost["host"]["role"]) =>
        [...world.hosts.values()].filter((host) => host.host.role === role && isUp(world, host));
    const [voters, balancers] = [up("control-plane"), up("load-balancer")];
    if (voters.length > 0) world.leader = dice.pick(voters).host.name;
    if (balancers.length > 0) world.addressOwner = dice.pick(balancers).host.name;
}
