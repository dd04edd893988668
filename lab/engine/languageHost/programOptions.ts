import { isObject } from "../protocol/values";

/** What `runtime.options` of Pulumi.yaml or PulumiPolicy.yaml may say for Node.js. */
export interface ProgramOptions {
    /** Load TypeScript programs directly; on unless set to false. */
    readonly typescript: boolean;
    /** Path of the tsconfig to use instead of the program's own. */
    readonly tsconfig?: string;
    /** Arguments of node itself. */
    readonly nodeArguments: readonly string[];
}

/** Splits words at blanks; quotes keep blanks inside a word. */
function words(text: string): string[] {
    const found = text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
    return found.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"));
}

function option<T>(options: Record<string, unknown>, name: string, type: string, fallback: T): T {
    const value = options[name];
    if (value === undefined || value === null) return fallback;
    if (typeof value !== type) throw new Error(`runtime option ${name}: ${String(value)}; expected: a ${type}`);
    return value as T;
}

/** Reads the runtime options. @throws when one has the wrong type. */
export function programOptions(options: unknown): ProgramOptions {
    const given = isObject(options) ? options : {};
    const tsconfig = option<string>(given, "tsconfig", "string", "");
    return {
        typescript: option(given, "typescript", "boolean", true),
        nodeArguments: words(option(given, "nodeargs", "string", "")),
        ...(tsconfig === "" ? {} : { tsconfig }),
    };
}

/** The variables by which the SDK's own runners are told about the options. */
export function optionVariables(options: ProgramOptions): Record<string, string> {
    return {
        ...(options.typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
        ...(options.tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
    };
}
