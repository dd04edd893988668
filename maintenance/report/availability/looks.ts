import type { PhaseSpan } from "../../probe/spans";

interface Purpose {
    readonly words: string;
    /** Class for its colour. */
    readonly colour: string;
    readonly phases: readonly string[];
}

/** Phases of one purpose have one colour: there are more of them than colours that can be told apart. Red is left to failures. */
const PURPOSES: readonly Purpose[] = [
    { words: "checks before", colour: "plain", phases: ["gate", "gate-again", "hook-before"] },
    {
        words: "traffic moved",
        colour: "c6",
        phases: ["leave-ingress", "enter-ingress", "leave-api", "enter-api", "hand-over-address", "take-address-back"],
    },
    {
        words: "pods moved",
        colour: "c3",
        phases: ["cordon", "evict-storage", "evict-rest", "volumes-detached", "uncordon"],
    },
    { words: "etcd leader and API server", colour: "c1", phases: ["move-leader", "stop-api-server"] },
    { words: "reboot", colour: "c0", phases: ["reboot"] },
    {
        words: "checks after",
        colour: "c4",
        phases: ["node-ready", "node-back", "network-proof", "ingress-proof", "balancer-back", "hook-after"],
    },
];

/** For phases that are not ours, those first that ours do not use. */
const OTHER_COLOURS = ["c2", "c5", "c7", "c4", "c1", "c3", "c6", "c0"] as const;
const UNDO = /^undo-/;

/** What a phase is for; a phase that is not ours is for itself. */
export function purposeOf(phase: string): string {
    const name = phase.replace(UNDO, "");
    return PURPOSES.find(({ phases }) => phases.includes(name))?.words ?? name;
}

/** Purposes of these phases, each with the class for its colour: ours in the order of a host's turn, then others as they occur. */
export function purposes(phases: readonly PhaseSpan[]): ReadonlyMap<string, string> {
    const occurring = new Set(phases.map(({ phase }) => purposeOf(phase)));
    const ours = PURPOSES.filter(({ words }) => occurring.has(words));
    const others = [...occurring].filter((purpose) => !PURPOSES.some(({ words }) => words === purpose));
    return new Map([
        ...ours.map(({ words, colour }) => [words, colour] as const),
        ...others.map((purpose, index) => [purpose, OTHER_COLOURS[index % OTHER_COLOURS.length] ?? ""] as const),
    ]);
}

/** How a state looks: `off` is out of service, `held` was set aside on purpose, `silent` gives no answer. */
export type StateLook = "on" | "off" | "held" | "silent";

/** What is out of service comes before what was set aside: a cordoned node that is not ready is not ready. */
const STATES: readonly (readonly [StateLook, RegExp])[] = [
    ["silent", /^no answer/i],
    ["off", /^(down|not ?ready|unknown|absent|nobody|none|lost)/i],
    ["held", /^(maint|drain)|cordoned|schedulingdisabled/i],
];

/** The look of a lane's value, whoever has written it. */
export function stateLook(value: string): StateLook {
    return STATES.find(([, pattern]) => pattern.test(value))?.[0] ?? "on";
}

/** In the order of the legend. */
export const STATE_WORDS: Readonly<Record<Exclude<StateLook, "on">, string>> = {
    held: "set aside: maint, drain, cordoned",
    off: "out of service",
    silent: "no answer",
};
