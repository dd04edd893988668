import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../model/configError";

/**
 * A stack frame of a file that lies directly in a package's folder, or in a scope's, such as the SDK's own
 * `node_modules/@pulumi/resource.ts` by its source map. Node loops on it until its memory for strings is full when it
 * colours the stack (nodejs/node issue 64011), and the SDK colours every error's stack: 10 to 20 s of silence.
 */
const ENDLESS_FRAME = /[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+$/;

/**
 * What ends the program in place of `error`: a refusal with its message alone, anything else with the stack of our own
 * code, both shown at once.
 */
export function programError(error: unknown): unknown {
    const shown = error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
    if (pulumi.RunError.isInstance(shown)) delete shown.stack;
    else if (shown instanceof Error) shown.stack = shownFrames(shown.stack ?? "");
    return shown;
}

function shownFrames(stack: string): string {
    return stack
        .split("\n")
        .filter((line) => !ENDLESS_FRAME.test(line))
        .join("\n");
}
