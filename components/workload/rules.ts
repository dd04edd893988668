import { z } from "zod";
import { type ConfigProblem, isWithin, keyPath } from "../../model/configError";

/** Finds what is wrong between arguments that are right one by one. */
export type Rule<T> = (args: T) => readonly ConfigProblem[];

/** One problem if something holds, none otherwise. */
export function problemIf(wrong: boolean, path: string, message: string): readonly ConfigProblem[] {
    return wrong ? [{ path, message }] : [];
}

/** A problem for each value that stands in a list more than once. */
export function repeated<T>(list: string, items: readonly T[], key: keyof T & string): readonly ConfigProblem[] {
    return items.flatMap((item, index) => {
        const first = items.findIndex((other) => other[key] === item[key]);
        return problemIf(
            first < index,
            `${list}[${index}].${key}`,
            `${String(item[key])} is already ${list}[${first}]; give each its own`,
        );
    });
}

/**
 * A schema that also checks rules between its fields, in the same round as the fields themselves, so that a person is told
 * everything at once. What a rule says about a wrong field, or cannot say because of one, is left for the next round.
 */
export function withRules<T extends z.ZodType>(schema: T, rules: readonly Rule<z.output<T>>[]): T {
    const check = z.check<z.output<T>>((payload) => {
        const wrong = payload.issues.map((issue) => keyPath(issue.path ?? []));
        for (const rule of rules) {
            for (const { path, message } of findings(rule, payload.value, wrong.length > 0)) {
                if (wrong.some((other) => isWithin(path, other) || isWithin(other, path))) continue;
                payload.issues.push({ code: "custom", message, input: payload.value, path: [path] });
            }
        }
    });
    check._zod.def.when = () => true;
    return schema.check(check);
}

function findings<T>(rule: Rule<T>, args: T, mayFail: boolean): readonly ConfigProblem[] {
    try {
        return rule(args);
    } catch (error) {
        if (mayFail) return [];
        throw error;
    }
}
