/** One thing that is wrong in a configuration: where, what, and what to write instead. */
export interface ConfigProblem {
    /** Key path as a person would write it, for example `hosts[3].address`. */
    readonly path: string;
    readonly message: string;
}

/** Thrown with every problem of a configuration at once, so that one correction round is enough. */
export class ConfigError extends Error {
    constructor(
        readonly subject: string,
        readonly problems: readonly ConfigProblem[],
    ) {
        const count = `${problems.length} problem${problems.length === 1 ? "" : "s"}`;
        super(`${subject}: ${count}\n${problems.map(({ path, message }) => `  ${path}: ${message}`).join("\n")}`);
        this.name = "ConfigError";
    }
}

/** Renders a path of object keys and array indexes: `["hosts", 3, "address"]` becomes `hosts[3].address`. */
export function keyPath(path: readonly PropertyKey[]): string {
    return path.reduce<string>((text, key) => {
        if (typeof key === "number") return `${text}[${key}]`;
        return text === "" ? String(key) : `${text}.${String(key)}`;
    }, "");
}

/** Whether a key path is another one or lies below it. */
export function isWithin(path: string, above: string): boolean {
    return path === above || path.startsWith(`${above}.`) || path.startsWith(`${above}[`);
}
