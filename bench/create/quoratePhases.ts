import type { ResourceStep } from "./engineEvents";
import { preparedComponents } from "./preparedComponents";
import type { Phase } from "./stopwatch";

/** The phases of quorate's creation, and how the names of their steps end. */
const PHASES: readonly (readonly [name: string, suffix: string])[] = [
    ["pki", "-pki"],
    ["control planes founded", "-found"],
    ["initialise (API ready)", "-initialise"],
    ["members", "-member"],
    ["finalize", "-finalize"],
    ["network and DNS", "-addons"],
    ["workers", "-joined"],
    ["labels and taints", "-nodes"],
    ["verify", "-verify"],
];

const HOST_COMMAND = "command:remote:Command";

/**
 * What `pulumi up` spent its time on: the engine's start until the first resource is registered, the program's until the
 * first step on a host, each phase from its first step's begin to its last one's end, and the engine's end. A step of no
 * known phase is a phase of its own, so that no time is hidden.
 *
 * @param exited when `pulumi` ended, in seconds of the steps' clock
 * @throws Error when the preparation left something undone, so that it happened inside the clock
 */
export function quoratePhases(steps: readonly ResourceStep[], exited: number): Phase[] {
    const worked = steps.filter(({ types, operation }) => types.at(-1) === HOST_COMMAND && operation !== "same");
    const unprepared = worked.filter(({ types }) => types.some((type) => preparedComponents.includes(type)));
    if (unprepared.length > 0) {
        const names = unprepared.map(({ name }) => name).join(", ");
        throw new Error(
            `inside the clock ran ${names}; expected them done by the preparation, which must be corrected`,
        );
    }
    const phases = [...new Set(worked.map(phaseOf))].map((name) => {
        const own = worked.filter((step) => phaseOf(step) === name);
        return { name, start: Math.min(...own.map(({ start }) => start)), end: Math.max(...own.map(({ end }) => end)) };
    });
    phases.sort((a, b) => a.start - b.start);
    const program = Math.min(exited, ...steps.map(({ start }) => start));
    const first = phases[0]?.start ?? exited;
    const last = Math.max(first, ...phases.map(({ end }) => end));
    return [
        { name: "engine start", start: 0, end: program },
        { name: "program start", start: program, end: first },
        ...phases,
        { name: "engine end", start: last, end: exited },
    ];
}

function phaseOf({ name }: ResourceStep): string {
    return PHASES.find(([, suffix]) => name.endsWith(suffix))?.[0] ?? name;
}
