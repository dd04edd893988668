import { InvalidArgumentError, Option } from "commander";
import { Duration } from "../../model/duration";

/** What a number may be; 0 or more when nothing is said. */
export interface Bounds {
    readonly above?: number;
    readonly upTo?: number;
    readonly whole?: boolean;
}

/** An option with a number within bounds; anything else is a usage error. */
export function numberOption(flags: string, meaning: string, bounds: Bounds, value?: number): Option {
    return new Option(flags, meaning).argParser(numberParser(bounds)).default(value);
}

/** An option with requests a second, more than 0; anything else is a usage error. */
export function rateOption(flags: string, meaning: string, value?: number): Option {
    return numberOption(flags, meaning, { above: 0 }, value);
}

/** An option with a duration such as `500ms`, `10s` or `1m30s`; anything else is a usage error. */
export function durationOption(flags: string, meaning: string, value?: string): Option {
    const option = new Option(flags, meaning).argParser((text) => orUsageError(() => Duration.parse(text)));
    return value === undefined ? option : option.default(Duration.parse(value), value);
}

/** What a parser of an option throws, as a usage error. @throws InvalidArgumentError */
export function orUsageError<T>(parse: () => T): T {
    try {
        return parse();
    } catch (error) {
        throw new InvalidArgumentError((error as Error).message);
    }
}

function numberParser({ above = -Number.MIN_VALUE, upTo = Number.MAX_SAFE_INTEGER, whole = false }: Bounds) {
    return (text: string): number => {
        const value = text.trim() === "" ? NaN : Number(text);
        if (value > above && value <= upTo && (!whole || Number.isInteger(value))) return value;
        const kind = whole ? "whole number" : "number";
        const lower = above < 0 ? "0 or more" : `more than ${above}`;
        const upper = upTo === Number.MAX_SAFE_INTEGER ? "" : ` and at most ${upTo}`;
        throw new InvalidArgumentError(`expected a ${kind}, ${lower}${upper}`);
    };
}
