import { z } from "zod";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A length of time, kept in whole milliseconds. */
export class Duration {
    private constructor(readonly milliseconds: number) {}

    static milliseconds(value: number): Duration {
        if (!Number.isSafeInteger(value) || value < 0) {
            throw new RangeError(`duration: ${value} ms; expected a whole number of milliseconds, 0 or more`);
        }
        return new Duration(value);
    }

    static seconds(value: number): Duration {
        return Duration.milliseconds(Math.round(value * 1000));
    }

    /**
     * Reads Go's notation without fractions: `500ms`, `10s`, `1m30s`, `1h`.
     * @throws RangeError naming the text and the notation
     */
    static parse(text: string): Duration {
        const parts = [...text.matchAll(/(\d+)(ms|s|m|h)/g)];
        if (text === "" || parts.map(([part]) => part).join("") !== text) {
            throw new RangeError(`"${text}" is not a duration; write for example 500ms, 10s, 1m30s or 1h`);
        }
        return Duration.milliseconds(
            parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ""] ?? 0), 0),
        );
    }

    /** Whole seconds, rounded up: for settings that know no smaller unit. */
    get wholeSeconds(): number {
        return Math.ceil(this.milliseconds / 1000);
    }

    isLongerThan(other: Duration): boolean {
        return this.milliseconds > other.milliseconds;
    }

    times(factor: number): Duration {
        return Duration.milliseconds(Math.round(this.milliseconds * factor));
    }

    plus(other: Duration): Duration {
        return new Duration(this.milliseconds + other.milliseconds);
    }

    /** Go, Kubernetes, HAProxy and systemd all read this: whole seconds as `10s`, anything else as `1500ms`. */
    toString(): string {
        return this.milliseconds % 1000 === 0 ? `${this.milliseconds / 1000}s` : `${this.milliseconds}ms`;
    }
}

/** A duration in a configuration file. */
export const durationSchema = z.string().transform((text, context) => {
    try {
        return Duration.parse(text);
    } catch (error) {
        context.addIssue({ code: "custom", message: (error as Error).message });
        return z.NEVER;
    }
});

/** A duration setting that may be left out. */
export const durationWithDefault = (text: string) => z.string().default(text).pipe(durationSchema);

/** The same for settings that must be longer than nothing: intervals and time-outs. */
export const positiveDurationWithDefault = (text: string) =>
    durationWithDefault(text).refine((duration) => duration.milliseconds > 0, {
        error: "0s is no time at all; write for example 1s",
    });
