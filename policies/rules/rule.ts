import type { GraphResource, Typed } from "../graph/resource";
import type { Value } from "../graph/value";

/** One thing that a rule does not accept. */
export interface Finding {
    readonly resource: GraphResource;
    /** Which object, what is wrong with which value, what to write instead. Never holds a secret. */
    readonly message: string;
}

/** A threshold that users may set in the policy configuration; all are whole numbers. */
export interface Setting {
    readonly default: number;
    readonly minimum: number;
    /** What the number says, with its unit. */
    readonly means: string;
}

/** Settings by their names in the policy configuration. */
export type Settings = Readonly<Record<string, Setting>>;
/** The numbers that a check is given, one for each setting. */
export type SettingValues<S extends Settings> = { readonly [K in keyof S]: number };

/** A property that a remediation writes. */
export interface Change {
    readonly path: readonly string[];
    readonly value: string | number | boolean;
}

interface RuleText<S extends Settings> {
    /** Name in the policy configuration and in findings; stays for ever. */
    readonly name: string;
    /** What holds when the rule finds nothing, as a sentence. */
    readonly wants: string;
    /** What happens otherwise. */
    readonly why: string;
    /** Where that was found out. */
    readonly source: { readonly title: string; readonly url: string };
    /** What to do about a finding. */
    readonly advice: string;
    /**
     * Level unless configured: mandatory for what loses the cluster or lets planned maintenance drop requests, advisory for
     * what makes it likelier.
     */
    readonly level: "mandatory" | "advisory";
    readonly severity: "low" | "medium" | "high" | "critical";
    readonly settings: S;
}

/** Judges each resource by itself, before the engine touches it. */
export interface ResourceRule<S extends Settings = Settings> extends RuleText<S> {
    readonly scope: "resource";
    /** Whether the rule may have anything to say about resources of the type. */
    concerns(resource: Typed): boolean;
    check(resource: GraphResource, settings: SettingValues<S>): readonly Finding[];
    /** What makes the findings go away without a risk; only with level `remediate`. */
    remedy?(properties: Value): readonly Change[];
}

/** Judges resources by each other, at the end of a preview or update. */
export interface StackRule<S extends Settings = Settings> extends RuleText<S> {
    readonly scope: "stack";
    /** Whether the rule reads resources of the type; it is given no others. */
    concerns(resource: Typed): boolean;
    check(resources: readonly GraphResource[], settings: SettingValues<S>): readonly Finding[];
}

/** One rule of the pack. */
export type Rule = ResourceRule | StackRule;

/** A rule about single resources; settings keep their names in `check`. */
export function resourceRule<S extends Settings>(rule: Omit<ResourceRule<S>, "scope">): ResourceRule<S> {
    return { scope: "resource", ...rule };
}

/** A rule about a stack as a whole; settings keep their names in `check`. */
export function stackRule<S extends Settings>(rule: Omit<StackRule<S>, "scope">): StackRule<S> {
    return { scope: "stack", ...rule };
}

/** What a rule finds in a stack, with its own settings where none are configured. */
export function findingsOf(
    rule: Rule,
    resources: readonly GraphResource[],
    configured: Readonly<Record<string, number>> = {},
): readonly Finding[] {
    const settings = { ...defaultsOf(rule.settings), ...configured };
    const concerned = resources.filter((resource) => rule.concerns(resource));
    return rule.scope === "stack"
        ? rule.check(concerned, settings)
        : concerned.flatMap((resource) => rule.check(resource, settings));
}

/** The values that hold where nothing is configured. */
function defaultsOf(settings: Settings): Record<string, number> {
    return Object.fromEntries(Object.entries(settings).map(([name, setting]) => [name, setting.default]));
}
