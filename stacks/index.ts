import * as pulumi from "@pulumi/pulumi";
import { clusterStack } from "./cluster";
import { programError } from "./programError";

/** Programs by the value of `quorate:layer`. */
const LAYERS: Readonly<Record<string, () => Promise<Record<string, pulumi.Output<unknown>>>>> = {
    cluster: clusterStack,
    // Loaded only when wanted: Kubernetes' resource types take time that a cluster's preview need not spend.
    workloads: () => (require("./workloads") as typeof import("./workloads")).workloadsStack(),
};

/** What `pulumi up` runs: one project, a stack for each layer. Configuration errors end it without a stack trace. */
async function program() {
    try {
        const layer = new pulumi.Config("quorate").get("layer") ?? "cluster";
        const stack = LAYERS[layer];
        if (stack === undefined) {
            throw new pulumi.RunError(`quorate:layer is "${layer}"; write one of ${Object.keys(LAYERS).join(", ")}`);
        }
        return await stack();
    } catch (error) {
        throw programError(error);
    }
}

export = program;
