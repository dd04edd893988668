import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../model/configError";
import { clusterStack } from "./cluster";

/** Programs by the value of `quorate:layer`. */
const LAYERS: Readonly<Record<string, () => Promise<Record<string, pulumi.Output<unknown>>>>> = {
    cluster: clusterStack,
};

/** What `pulumi up` runs: one project, a stack for each layer. Configuration errors end it without a stack trace. */
async function program() {
    const layer = new pulumi.Config("quorate").get("layer") ?? "cluster";
    const stack = LAYERS[layer];
    if (stack === undefined) {
        throw new pulumi.RunError(`quorate:layer is "${layer}"; write one of ${Object.keys(LAYERS).join(", ")}`);
    }
    try {
        return await stack();
    } catch (error) {
        throw error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
    }
}

export = program;
