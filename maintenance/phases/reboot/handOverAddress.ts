import { Duration } from "../../../model/duration";
import type { RebootScope } from "../../actions/reboot/rebootScope";
import { HAND_OVER_DEADLINE } from "../../ports/addressMover";
import type { Phase } from "../../workflow/phase";
import { RefusedError } from "../../workflow/refusedError";
import { DeadlineError } from "../../workflow/until";
import { awaitNothingLeft } from "./awaitNothingLeft";

/** In the notes of a load balancer that had the virtual address when its turn came. */
export const HAD_ADDRESS = "had-address";

/** keepalived decides within seconds who has it. */
const SETTLE = Duration.seconds(20);

/**
 * Gives the virtual address to another balancer while this one still serves what it has accepted (TRAPS 70). Refuses while
 * nobody has it, or several have: this one may be among them.
 */
export const handOverAddress: Phase<RebootScope> = {
    name: "hand-over-address",
    title: ({ host }) => `see that ${host.name} does not have the virtual address`,
    shouldRun: ({ inventory }) => inventory.endpoint.kind === "haproxy",
    deadline: () => HAND_OVER_DEADLINE,

    async run(scope) {
        const { host, ports, notes, progress } = scope;
        if ((await knownOwner(scope)) === host.name) await notes.write(HAD_ADDRESS, "yes");
        if (notes.read(HAD_ADDRESS) !== undefined)
            await ports.virtualAddress.handOver(host.name, (line) => progress.report(line));
    },

    async undo({ host, ports, notes, settings, progress }) {
        if (notes.read(HAD_ADDRESS) === undefined) return;
        const report = (line: string) => progress.report(line);
        await ports.virtualAddress.release(host.name, { now: settings.takeAddressBack, report });
    },
};

async function knownOwner(scope: RebootScope): Promise<string | undefined> {
    let owner: string | undefined;
    try {
        await awaitNothingLeft(scope, {
            what: "one load balancer to have the virtual address",
            deadline: SETTLE,
            missing: async () => {
                owner = await scope.ports.virtualAddress.owner();
                return owner === undefined ? ["nobody has it, or several have"] : [];
            },
        });
    } catch (error) {
        if (!(error instanceof DeadlineError)) throw error;
        const next = "see `systemctl status keepalived` on the load balancers, then run again";
        throw new RefusedError(`reboot of ${scope.host.name}`, [error.message], next);
    }
    return owner;
}
