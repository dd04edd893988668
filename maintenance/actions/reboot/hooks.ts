import type { InventoryHost } from "../../../model/inventory";
import type { LocalCommand } from "../../workflow/localCommand";
import type { Phase } from "../../workflow/phase";
import type { HostPhases } from "./hostPhases";
import type { RebootScope } from "./rebootScope";

/** Shell commands of the operator, run on this machine for each host, with HOST and ROLE in their environment. */
export interface Hooks {
    readonly before: string | undefined;
    readonly after: string | undefined;
}

type AllPhases = Readonly<Record<InventoryHost["role"], HostPhases>>;

/** The phases with the hooks among them: after the first gate, and at the very end. A resumed host runs them again. */
export function withHooks(phases: AllPhases, { before, after }: Hooks, run: LocalCommand): AllPhases {
    const added = (list: HostPhases): HostPhases => {
        const [first, ...rest] = list.away;
        return {
            away: [...(first ? [first] : []), ...hook("hook-before", before, run), ...rest],
            reboot: list.reboot,
            back: [...list.back, ...hook("hook-after", after, run)],
        };
    };
    return {
        worker: added(phases.worker),
        "control-plane": added(phases["control-plane"]),
        "load-balancer": added(phases["load-balancer"]),
    };
}

function hook(name: string, command: string | undefined, run: LocalCommand): Phase<RebootScope>[] {
    if (command === undefined) return [];
    return [
        {
            name,
            title: ({ host }) => `${name} of ${host.name}`,
            run: ({ host, runId }) => run(command, { HOST: host.name, ROLE: host.role, QUORATE_RUN: runId }),
        },
    ];
}
