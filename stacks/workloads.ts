import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { HaIngress } from "../components/workload/haIngress";
import { HaWorkload, type HaWorkloadArgs } from "../components/workload/haWorkload";
import { ConfigError } from "../model/configError";
import { Duration } from "../model/duration";
import { type ClusterInventory, parseInventory } from "../model/inventory";
import { type ApplicationConfig, parseWorkloadsConfig } from "../model/workloadsConfig";
import { skipperArgs } from "./skipper";

/** The stack of what stands on a cluster: an ingress controller behind the load balancers, and web applications behind it. */
export async function workloadsStack() {
    const config = parseWorkloadsConfig(new pulumi.Config("quorate").requireObject("workloads"));
    const cluster = new pulumi.StackReference(`${pulumi.getOrganization()}/${pulumi.getProject()}/${config.cluster}`);
    const inventory = await inventoryOf(cluster, config.cluster);
    const provider = new kubernetes.Provider("cluster", { kubeconfig: cluster.requireOutput("kubeconfig") });
    const on = { provider };
    const ingress =
        config.ingress.controller === "none"
            ? []
            : [
                  new HaIngress(
                      "skipper",
                      skipperArgs(config.ingress, config.ingressClass, inventory, balancerNotices(inventory)),
                      on,
                  ),
              ];
    const applications = config.applications.map(
        (application) => new HaWorkload(application.name, applicationArgs(application, config.ingressClass), on),
    );
    return {
        ingressClass: pulumi.output(ingress[0]?.ingressClassName ?? config.ingressClass),
        services: pulumi.all(applications.map(({ serviceName }) => serviceName)),
    };
}

/** @throws ConfigError when that stack has made no cluster yet */
async function inventoryOf(cluster: pulumi.StackReference, name: string): Promise<ClusterInventory> {
    const { value } = await cluster.getOutputDetails("inventory");
    if (value !== undefined && value !== null) return parseInventory(value);
    const message = `the stack "${name}" has no inventory; run \`pulumi up --stack ${name}\` first, or write another stack`;
    throw new ConfigError("quorate:workloads", [{ path: "cluster", message }]);
}

/** How long the slowest balancer takes to notice that an ingress proxy fails its checks; nothing for balancers of one's own. */
function balancerNotices({ loadBalancers }: ClusterInventory): Duration | undefined {
    const times = loadBalancers.flatMap(({ backends }) =>
        backends.filter(({ purpose }) => purpose === "ingress").map(({ noticesWithinMs }) => noticesWithinMs),
    );
    return times.length === 0 ? undefined : Duration.seconds(Math.ceil(Math.max(...times) / 1000));
}

function applicationArgs(application: ApplicationConfig, className: string): HaWorkloadArgs {
    const { namespace, image, args, port, readinessPath, replicas, resources, user, host } = application;
    return {
        namespace,
        image,
        args,
        replicas,
        ports: [{ name: "http", containerPort: port }],
        probes: { readiness: { path: readinessPath } },
        resources,
        ...(user !== undefined && { security: { user } }),
        ingress: { host, className },
    };
}
