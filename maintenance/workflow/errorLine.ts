/**
 * An error in one line, for sentences: its first line and, when a program's output follows, the last of that. Errors of
 * several causes, such as one dial for each address, are told by their causes.
 */
export function errorLine(error: unknown): string {
    if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(errorLine).join("; ");
    if (!(error instanceof Error)) return String(error);
    const [first = "", ...rest] = (error.message || error.name).split("\n").filter((line) => line.trim() !== "");
    return [first, ...rest.slice(-1)].join(" ");
}
