import type { HaIngressArgs } from "../components/workload/haIngress";
import type { Duration } from "../model/duration";
import type { ClusterInventory } from "../model/inventory";
import type { SkipperConfig } from "../model/workloadsConfig";
import { DISABLED_FILTERS, SKIPPER_ADMISSION } from "./skipperFilters";

const LISTEN_PORT = 9999;
const SUPPORT_PORT = 9911;
/** It needs nothing of its image's root: both ports are above 1023. */
const NOBODY = 65534;

/**
 * Skipper as the ingress proxy. It was chosen because it keeps both promises of a proxy that can be taken away: told to end,
 * it fails its health check and goes on serving for a set time; started, it listens only when it has loaded its routes and
 * the checks named have answered.
 *
 * @param balancerNotices how long the load balancers take to notice a failing check
 */
export function skipperArgs(
    { image, port, drain }: SkipperConfig,
    className: string,
    { network }: ClusterInventory,
    balancerNotices: Duration | undefined,
): HaIngressArgs {
    return {
        image,
        command: ["/usr/bin/skipper"],
        args: [
            "-kubernetes",
            "-kubernetes-in-cluster",
            `-kubernetes-ingress-class=^${className}$`,
            "-enable-kubernetes-endpointslices",
            "-kubernetes-https-redirect=false",
            "-proxy-preserve-host",
            `-address=:${LISTEN_PORT}`,
            `-support-listener=:${SUPPORT_PORT}`,
            "-source-poll-timeout=1000",
            "-wait-first-route-load",
            // Answered by CoreDNS pods, of which at least one is on another node: DNS, kube-proxy and pod network all work.
            `-status-checks=http://kube-dns.kube-system.svc.${network.domain}:9153/metrics`,
            `-wait-for-healthcheck-interval=${drain}`,
            "-access-log-disabled",
            `-disabled-filters=${DISABLED_FILTERS.join(",")}`,
            "-lua-sources=none",
            // Names outside of the cluster are backends for nobody.
            "-enable-kubernetes-external-names=false",
            "-kubernetes-only-allowed-external-names",
            "-experimental-upgrade",
        ],
        ports: [{ name: "http", containerPort: LISTEN_PORT, hostPort: port }],
        health: { port: LISTEN_PORT, path: "/kube-system/healthz" },
        metricsPort: SUPPORT_PORT,
        resources: {
            qos: "burstable",
            requests: { cpu: "100m", memory: "64Mi" },
            limits: { memory: "512Mi" },
        },
        security: { user: NOBODY, readOnlyRoot: true },
        rules: [
            // All that it asks for once a second (dataclients/kubernetes/clusterclient.go); it watches nothing.
            { apiGroups: ["networking.k8s.io"], resources: ["ingresses"], verbs: ["list"] },
            { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list"] },
            { apiGroups: [""], resources: ["services"], verbs: ["list"] },
        ],
        ingressClass: { name: className, controller: "zalando.org/skipper", default: true },
        admission: SKIPPER_ADMISSION,
        drain,
        minReady: drain,
        ...(balancerNotices && { balancerNotices }),
    };
}
