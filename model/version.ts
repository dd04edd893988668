import * as semver from "semver";
import { z } from "zod";

/** A released version, written with or without a leading `v`; compared by number. */
export class Version {
    private constructor(private readonly parsed: semver.SemVer) {}

    /** @throws RangeError naming the text and the notation */
    static parse(text: string): Version {
        const parsed = semver.parse(text);
        if (parsed === null) throw new RangeError(`"${text}" is not a version; write for example v1.36.3`);
        return new Version(parsed);
    }

    get major(): number {
        return this.parsed.major;
    }

    get minor(): number {
        return this.parsed.minor;
    }

    compare(other: Version): -1 | 0 | 1 {
        return this.parsed.compare(other.parsed);
    }

    equals(other: Version): boolean {
        return this.compare(other) === 0;
    }

    /** `1.36.3` */
    get bare(): string {
        return this.parsed.version;
    }

    /** `v1.36.3` */
    toString(): string {
        return `v${this.bare}`;
    }
}

/** A version in a configuration file. */
export const versionSchema = z.string().transform((text, context) => {
    try {
        return Version.parse(text);
    } catch (error) {
        context.addIssue({ code: "custom", message: (error as Error).message });
        return z.NEVER;
    }
});

/** A version setting that may be left out. */
export const versionWithDefault = (text: string) => z.string().default(text).pipe(versionSchema);
