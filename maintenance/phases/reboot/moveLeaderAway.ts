import type { RebootScope } from "../../actions/reboot/rebootScope";
import type { Phase } from "../../workflow/phase";

/** Hands etcd's leadership to another voter, so that no write waits for an election (TRAPS 3). */
export const moveLeaderAway: Phase<RebootScope> = {
    name: "move-leader",
    title: ({ host }) => `see that ${host.name} does not lead etcd`,
    shouldRun: ({ host }) => host.role === "control-plane",
    run: ({ host, ports }) => ports.etcd.moveLeaderAway(host.name),
};
