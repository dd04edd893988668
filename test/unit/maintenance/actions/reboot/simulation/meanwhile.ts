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

/** etcd chooses another leader, as it does when its network stutters. */
export function electLeader(world: World, dice: Random): void {
    const voters = upOf(world, "control-plane");
    if (voters.length > 0) world.leader = dice.pick(voters).host.name;
}

/** Leader and address are with any host that can have them. */
function elect(world: World, dice: Random): void {
    electLeader(world, dice);
    const balancers = upOf(world, "load-balancer");
    if (balancers.length > 0) world.addressOwner = dice.pick(balancers).host.name;
}

function upOf(world: World, role: SimHost["host"]["role"]): SimHost[] {
    return [...world.hosts.values()].filter((host) => host.host.role === role && isUp(world, host));
}
