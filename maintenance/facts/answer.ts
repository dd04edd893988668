import type { Duration } from "../../model/duration";
import { errorLine } from "../workflow/errorLine";

/** What a question brought: its value, or why there is none. A cluster in trouble leaves many questions open. */
export type Answer<T> =
    { readonly answered: true; readonly value: T } | { readonly answered: false; readonly why: string };

/** An answer that is there. */
export function answered<T>(value: T): Answer<T> {
    return { answered: true, value };
}

/** A question that stayed open. */
export function unanswered<T>(why: string): Answer<T> {
    return { answered: false, why };
}

/** The value, or undefined for a question that stayed open. */
export function valueOf<T>(answer: Answer<T> | undefined): T | undefined {
    return answer?.answered ? answer.value : undefined;
}

/** Asks and never throws; gives up after `timeout`, whatever the port's own bound is. */
export async function ask<T>(question: () => Promise<T>, timeout: Duration): Promise<Answer<T>> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Answer<T>>((resolve) => {
        timer = setTimeout(() => resolve(unanswered(`no answer within ${timeout}`)), timeout.milliseconds);
    });
    const asked = question().then(answered, (error: unknown) => unanswered<T>(errorLine(error)));
    try {
        return await Promise.race([asked, late]);
    } finally {
        clearTimeout(timer);
    }
}
