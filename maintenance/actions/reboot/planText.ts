import type { InventoryHost } from "../../../model/inventory";
import type { HostPhases } from "./hostPhases";
import type { RebootPlan } from "./rebootPlan";

/** The plan for people, without a newline at its end. */
export function planText(
    { steps, skipped }: RebootPlan,
    hostPhases: Readonly<Record<InventoryHost["role"], HostPhases>>,
): string {
    if (steps.length === 0) return ["Nothing to reboot.", ...skipped.map(skippedLine)].join("\n");
    const width = String(steps.length).length;
    const lines = steps.map(
        ({ role, hosts }, index) => `  ${String(index + 1).padStart(width)}. ${hosts.join(", ")} (${role})`,
    );
    const roles = [...new Set(steps.map(({ role }) => role))];
    const phases = roles.map((role) => {
        const { away, reboot, back } = hostPhases[role];
        const steps = [...away, [reboot], ...back];
        return `  ${role}: ${steps.map((together) => together.map(({ name }) => name).join(" + ")).join(", ")}`;
    });
    return [
        "Would reboot, one step after the other:",
        ...lines,
        "Each host:",
        ...phases,
        ...skipped.map(skippedLine),
    ].join("\n");
}

function skippedLine({ host, why }: RebootPlan["skipped"][number]): string {
    return `Left alone: ${host} (${why})`;
}
