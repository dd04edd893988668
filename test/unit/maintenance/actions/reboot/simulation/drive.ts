import { TurnFailed } from "../../../../../../maintenance/actions/reboot/rebootTurn";
import type { RebootPlan } from "../../../../../../maintenance/actions/reboot/rebootPlan";
import type { JournalEntry } from "../../../../../../maintenance/workflow/journal";
import type { Random } from "./random";
import { Killed, openSession, type Fate } from "./simSession";
import type { World } from "./world";

/** Repeats a test with the seeds 1, 2, 3 ..., and names the one that fails. */
export function eachSeed(title: string, runs: number, test: (seed: number) => Promise<void>): void {
    it(`${title} (${runs} clusters)`, async function () {
        this.timeout(0);
        for (let seed = 1; seed <= runs; seed++) {
            try {
                await test(seed);
            } catch (error) {
                throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
            }
        }
    });
}

interface Drive {
    readonly plan: RebootPlan;
    readonly entries?: JournalEntry[];
    readonly fates: (attempt: number) => Fate;
    /** What happens between two drivers. */
    readonly meanwhile?: () => void;
}

/** Starts drivers one after the other, each with its fate, until the run has finished. */
export async function driveToTheEnd(
    world: World,
    dice: Random,
    { plan, entries = [], fates, meanwhile }: Drive,
): Promise<void> {
    for (let attempt = 0; ; attempt++) {
        try {
            const session = await openSession(world, dice, entries, { pid: 100 + attempt, fate: fates(attempt) });
            if ((await session.run(plan)).kind === "finished") return;
        } catch (error) {
            const isExpected =
                error instanceof Killed || error instanceof TurnFailed || /connection refused/.test(String(error));
            if (!isExpected) throw error;
        }
        mend(world);
        meanwhile?.();
    }
}

/** What an operator does between two attempts: gets hosts back that are stuck. */
export function mend(world: World): void {
    world.now += 1000;
    for (const host of world.hosts.values()) {
        host.trouble = "none";
        if (host.upAt === Infinity) host.upAt = world.now;
        if (host.readyAt === Infinity) host.readyAt = world.now;
        if (host.ingressReadyAt === Infinity) host.ingressReadyAt = world.now;
    }
}
