import type { ClusterConfigInput } from "../../model/clusterConfig";
import { stackName, workloadsStackName } from "../../lab/cluster/pulumi";
import { removeStack, writeClusterStack } from "../../lab/cluster/stack";
import { resetHosts } from "../../lab/hosts";
import type { HostImage } from "../../lab/image/hostImage";
import { defaultHostNames } from "../../lab/topology";
import { preparedTargets } from "./preparedComponents";
import { pulumiUp } from "./pulumiUp";
import { Stopwatch } from "./stopwatch";

/** Seconds of the work before the clock starts. */
export interface Preparation {
    /** New hosts, from the image to an SSH answer. */
    readonly hosts: number;
    /** `pulumi up` for everything that is in place before a cluster is created, engine included. */
    readonly components: number;
}

/**
 * The starting point of every creation: new hosts and a new stack, every host prepared, programs and containerd with
 * images in place, both load balancers up, all by quorate's own steps.
 */
export async function prepareHosts(image: HostImage, cluster: ClusterConfigInput): Promise<Preparation> {
    const watch = new Stopwatch();
    await resetHosts(defaultHostNames, image);
    const hosts = watch.elapsed();
    await removeStack(stackName());
    await removeStack(workloadsStackName());
    await writeClusterStack(cluster);
    const { seconds } = await pulumiUp(preparedTargets);
    return { hosts, components: seconds };
}
