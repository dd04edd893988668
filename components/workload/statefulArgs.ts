import { z } from "zod";
import { parseConfig } from "../../model/parseConfig";
import { httpPath, neededBecause, objectName, quantitySchema } from "./fields";
import { REPLICATED_RULES, replicatedFields } from "./replicated";
import { type Rule, repeated, withRules } from "./rules";
import { spreadSchema } from "./spread";

const volumeSchema = z.strictObject({
    name: objectName(),
    mountPath: httpPath,
    size: quantitySchema,
    /** The cluster's default when left out. */
    storageClass: z.string().min(1).optional(),
    /** One node at a time, or even one pod at a time. */
    accessMode: z.enum(["ReadWriteOnce", "ReadWriteOncePod"]).default("ReadWriteOnce"),
});

const NO_VOLUMES = "write at least one volume, or use HaWorkload for what keeps nothing";

const fields = z.strictObject({
    /** Kubernetes labels each pod with it and a hash of 11 characters, in 63. */
    name: objectName(52),
    ...replicatedFields,
    /** A wish by default: a pod can only stand where its volume is, and must not wait for another node. */
    spread: spreadSchema("preferred"),
    /** One volume of each for every replica. They stay when replicas or the whole workload go. */
    volumes: z.array(volumeSchema, { error: neededBecause(NO_VOLUMES) }).min(1, { error: `is empty; ${NO_VOLUMES}` }),
    /** `OrderedReady` starts replicas one after the other, `Parallel` at the same time: for what needs a quorum to start. */
    podManagement: z.enum(["OrderedReady", "Parallel"]).default("OrderedReady"),
});

const RULES: readonly Rule<StatefulWorkload>[] = [...REPLICATED_RULES, volumesDiffer];
const schema = withRules(fields, RULES);

/** A stateful workload with every default filled in and every rule kept. */
export type StatefulWorkload = z.output<typeof fields>;

/** The arguments of {@link HaStatefulWorkload}. Plain values, so that all of them are checked before anything is created. */
export interface HaStatefulWorkloadArgs extends Omit<z.input<typeof fields>, "name"> {
    /** Name of the objects; the component's own when left out. */
    readonly name?: string;
}

/**
 * Checks the arguments of a stateful workload and fills in the defaults.
 * @throws ConfigError with every problem at once, each with its key path, the reason, and what to write instead
 */
export function parseStatefulWorkload(componentName: string, args: HaStatefulWorkloadArgs): StatefulWorkload {
    const subject = `HaStatefulWorkload ${componentName}`;
    return parseConfig(schema, { name: componentName, ...args }, subject);
}

function volumesDiffer({ volumes }: StatefulWorkload) {
    return [...repeated("volumes", volumes, "name"), ...repeated("volumes", volumes, "mountPath")];
}
