/** What is new with every creation, wherever it stands in a text. */
const NEW_EACH_TIME: readonly (readonly [RegExp, string])[] = [
    [/-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----(\\n|\n)?/g, "(PEM)"],
    [/[A-Za-z0-9+/]{80,}={0,2}/g, "(base64)"],
    // Nodes get their pod networks in the order in which they come.
    [/\b10\.244\.\d+\.\d+/g, "(pod network)"],
];

/** The text without what is new with every creation. */
export function withoutNew(text: string): string {
    return NEW_EACH_TIME.reduce((rest, [pattern, stands]) => rest.replace(pattern, stands), text);
}

/** JSON whose keys are in order: the same value, the same text. */
export function canonicalJson(value: unknown): string {
    return JSON.stringify(value, (_, item: unknown) => {
        if (item === null || typeof item !== "object" || Array.isArray(item)) return item;
        return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
    });
}

/** Lines of which one list has others than the other: `-` for those that are gone, `+` for new ones. */
export function difference(before: readonly string[], after: readonly string[]): string[] {
    const [old, now] = [new Set(before), new Set(after)];
    const gone = before.filter((line) => !now.has(line)).map((line) => `- ${line}`);
    return [...gone, ...after.filter((line) => !old.has(line)).map((line) => `+ ${line}`)];
}
