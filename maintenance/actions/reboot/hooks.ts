import type { InventoryHost } from "../../../model/inventory";
import { errorLine } from "../../workflow/errorLine";
import { InterruptedError } from "../../workflow/interruptedError";
import type { LocalCommand } from "../../workflow/localCommand";
import type { Phase } from "../../workflow/phase";
import { RefusedError } from "../../workflow/refusedError";
import type { HostPhases } from "./hostPhases";
import type { RebootScope } from "./rebootScope";

/** Shell commands of the operator, run on this machine for each host, with HOST and ROLE in their environment. */
export interface Hooks {
    readonly before: string | undefined;
    readonly after: string | undefined;
}

type AllPhases = Readonly<Record<InventoryHost["role"], HostPhases>>;

/**
 * The phases with the hooks among them: after the first gate, and at the very end. A resumed host runs them again. A hook
 * before a host that fails says no to it: the host is put back. One after it that fails stops the run.
 */
export function withHooks(phases: AllPhases, { before, after }: Hooks, run: LocalCommand): AllPhases {
    const added = (list: HostPhases): HostPhases => {
        const [first, ...rest] = list.away;
        return {
            away: [...(first ? [first] : []), hook("hook-before", before, run, refused), ...rest],
            reboot: list.reboot,
            back: [...list.back, hook("hook-after", after, run)],
        };
    };
    return {
        worker: added(phases.worker),
        "control-plane": added(phases["control-plane"]),
        "load-balancer": added(phases["load-balancer"]),
    };
}

/** What a failure of a hook means for the host. */
type Verdict = (error: unknown, scope: RebootScope) => unknown;

const refused: Verdict = (error, { host }) =>
    error instanceof InterruptedError
        ? error
        : new RefusedError(
              `reboot of ${host.name}`,
              [`--hook-before: ${errorLine(error)}`],
              "the host was put back as it was; see what the hook has said, and run again when it agrees",
          );

function hook(
    name: string,
    command: string | undefined,
    run: LocalCommand,
    verdict: Verdict = (error) => error,
): Phase<RebootScope>[] {
    if (command === undefined) return [];
    return [
        {
            name,
            title: ({ host }) => `${name} of ${host.name}`,
            async run(scope) {
                const { host, runId } = scope;
                try {
                    await run(command, { HOST: host.name, ROLE: host.role, QUORATE_RUN: runId });
                } catch (error) {
                    throw verdict(error, scope);
                }
            },
        },
    ];
}
