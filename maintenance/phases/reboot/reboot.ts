import { Duration } from "../../../model/duration";
import type { RebootScope } from "../../actions/reboot/rebootScope";
import { HostKeyError } from "../../ports/remote";
import { errorLine } from "../../workflow/errorLine";
import type { Phase } from "../../workflow/phase";
import { DeadlineError, until } from "../../workflow/until";
import { apiBehindBalancers, behindBalancers } from "./behindBalancers";
import { seeLeaderElsewhere } from "./moveLeaderAway";

/** The boot id before the reboot, in the notes. From then on the reboot may have been ordered. */
export const BOOT_ID_NOTE = "boot-id";
const INTERVAL = Duration.milliseconds(250);
/** One question may go wrong. */
const ANSWER = Duration.seconds(10);

/** What a host said of itself; an error when it did not answer. */
type Seen = { readonly bootId: string } | { readonly silent: string };

/** Reboots the host. The proof is a new boot id, not an answer on its SSH port (TRAPS 42, F53). */
export const reboot: Phase<RebootScope> = {
    name: "reboot",
    title: ({ host }) => `reboot ${host.name}`,
    deadline: ({ settings }) => settings.deadlines.boot,

    async run(scope) {
        const { host, ports, notes } = scope;
        const noted = notes.read(BOOT_ID_NOTE);
        const before = noted ?? (await noteBootId(scope));
        if (scope.hasLeft() && (noted === undefined || (await isStillToReboot(scope)))) {
            await stayAway(scope);
            await ports.hosts.reboot(host.name);
        }
        await awaitNewBoot(scope, before);
    },
};

/** Whether the host is still in the boot of before its reboot, so that it may have to be told; false when nobody can say. */
export async function isStillToReboot(scope: RebootScope): Promise<boolean> {
    const before = scope.notes.read(BOOT_ID_NOTE);
    if (before === undefined) return true;
    const seen = await answer(scope).catch((error: unknown): Seen => ({ silent: errorLine(error) }));
    return "bootId" in seen && seen.bootId === before;
}

async function noteBootId(scope: RebootScope): Promise<string> {
    const seen = await answer(scope);
    if ("silent" in seen) throw new Error(unasked(scope.host.name, seen.silent));
    await scope.notes.write(BOOT_ID_NOTE, seen.bootId);
    return seen.bootId;
}

/**
 * A balancer that was reloaded since has forgotten that it must not send anything to the host (TRAPS 20), and etcd's leadership
 * may have come back while the API server stopped (TRAPS 3).
 */
async function stayAway(scope: RebootScope): Promise<void> {
    const { host, ports } = scope;
    if (behindBalancers(scope)) await ports.balancers.setIngress(host.name, "maint");
    if (apiBehindBalancers(scope)) await ports.balancers.setApi(host.name, "drain");
    if (host.role === "control-plane") await seeLeaderElsewhere(scope);
}

async function awaitNewBoot(scope: RebootScope, before: string): Promise<void> {
    const { host, ports, settings, progress } = scope;
    let last: Seen = { bootId: before };
    try {
        await until({
            what: `${host.name} to answer with a new boot id`,
            deadline: settings.deadlines.boot,
            interval: INTERVAL,
            clock: ports.clock,
            observe: async () => (last = await look(scope)),
            satisfied: (seen) => "bootId" in seen && seen.bootId !== before,
            describe: (seen) => ("bootId" in seen ? `it answers, and has not rebooted yet` : seen.silent),
            report: (line) => progress.report(line),
        });
    } catch (error) {
        if (!(error instanceof DeadlineError)) throw error;
        throw new Error(explain(host.name, last, before, settings.deadlines.boot));
    }
}

/** Asks until it answers or a short time is over. @throws HostKeyError as `look` */
async function answer(scope: RebootScope): Promise<Seen> {
    const { clock } = scope.ports;
    const end = clock.monotonic() + ANSWER.milliseconds;
    for (;;) {
        const seen = await look(scope);
        if ("bootId" in seen || clock.monotonic() + INTERVAL.milliseconds > end) return seen;
        await clock.pause(INTERVAL.milliseconds);
    }
}

/** @throws HostKeyError when another host answers, which no waiting mends */
async function look({ host, ports }: RebootScope): Promise<Seen> {
    try {
        return { bootId: await ports.hosts.bootId(host.name) };
    } catch (error) {
        if (error instanceof HostKeyError) throw error;
        return { silent: errorLine(error) };
    }
}

function unasked(host: string, why: string): string {
    return `${host} does not say its boot id within ${ANSWER} (${why}), so it was not told to reboot; mend this, then run \`quorate resume\``;
}

function explain(host: string, last: Seen, before: string, deadline: Duration): string {
    if ("bootId" in last) {
        return (
            `${host} has still boot id ${before}, ${deadline} after it was told to reboot; expected a new one; ` +
            "look at `journalctl -b` and `systemctl list-jobs` on it, reboot it by hand, then run `quorate resume`"
        );
    }
    return (
        `${host} does not come back: no answer with a new boot id within ${deadline} of the reboot (${last.silent}); ` +
        "look at its console, bring it up, then run `quorate resume`"
    );
}
