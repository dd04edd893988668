import type { z } from "zod";
import { ConfigError, keyPath } from "./configError";

/**
 * Reads a configuration by its schema and fills in the defaults.
 * @throws ConfigError with every problem at once, each with its key path and what to write instead
 */
export function parseConfig<T extends z.ZodType>(schema: T, input: unknown, subject: string): z.output<T> {
    const parsed = schema.safeParse(input, { error: explain });
    if (parsed.success) return parsed.data;
    const problems = parsed.error.issues.map(({ path, message }) => ({
        path: keyPath(path) || "(top level)",
        message,
    }));
    throw new ConfigError(subject, problems);
}

/** Words for what zod itself finds; a schema's own words come first. */
function explain(issue: z.core.$ZodRawIssue): string | undefined {
    if (issue.code === "unrecognized_keys") {
        return `unknown ${issue.keys.map((key) => `"${key}"`).join(", ")}; remove it, or correct its name`;
    }
    if (issue.code === "invalid_type" && issue.input === undefined)
        return `is missing; write a value (${issue.expected})`;
    return undefined;
}
