import { Duration } from "../../../model/duration";
import type { RebootScope } from "../../actions/reboot/rebootScope";
import type { Phase } from "../../workflow/phase";
import { awaitNothingLeft } from "./awaitNothingLeft";

/** One question to etcd, asked through a control plane that has just booted, may have no answer. */
const DEADLINE = Duration.seconds(15);

/** Hands etcd's leadership to another voter, so that no write waits for an election (TRAPS 3). */
export const moveLeaderAway: Phase<RebootScope> = {
    name: "move-leader",
    title: ({ host }) => `see that ${host.name} does not lead etcd`,
    deadline: () => DEADLINE,
    shouldRun: ({ host }) => host.role === "control-plane",
    run: (scope) => seeLeaderElsewhere(scope),
};

/** Hands the leadership over when the host has it. @throws DeadlineError with what keeps it there, LockLostError */
export function seeLeaderElsewhere(scope: RebootScope): Promise<void> {
    const { host, ports } = scope;
    return awaitNothingLeft(scope, {
        what: `etcd to be led by another member than ${host.name}`,
        deadline: DEADLINE,
        missing: async () => {
            await ports.etcd.moveLeaderAway(host.name);
            return [];
        },
    });
}
