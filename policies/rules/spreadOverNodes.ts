import { nameOf } from "../graph/resource";
import { replicasOf, isAutoscaler } from "../graph/replicas";
import { type Value, UNKNOWN, at, items } from "../graph/value";
import { isReplicated, servingContainers, workloadsOf } from "../graph/workloads";
import { stackRule } from "./rule";

const HOST_NAME = "kubernetes.io/hostname";
const AFFINITIES = [
    "requiredDuringSchedulingIgnoredDuringExecution",
    "preferredDuringSchedulingIgnoredDuringExecution",
];

/** TRAPS 32. */
export const spreadOverNodes = stackRule({
    name: "spread-over-nodes",
    wants: "Replicas that serve are spread over nodes.",
    why: "Replicas on one node go down with it, all at once, however many they are.",
    source: {
        title: "Kubernetes: topology spread constraints",
        url: "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/",
    },
    advice: "Add topologySpreadConstraints over kubernetes.io/hostname, or an anti-affinity over it.",
    level: "mandatory",
    severity: "high",
    settings: {},
    concerns: (resource) => isReplicated(resource) || isAutoscaler(resource),
    check: (resources) =>
        workloadsOf(resources.filter(isReplicated))
            .filter((workload) => (replicasOf(workload, resources).least ?? 0) > 1)
            .filter(({ podSpec }) => servingContainers(podSpec).length > 0 && !isSpread(podSpec))
            .map(({ resource }) => ({
                resource,
                message: `${nameOf(resource)}: its replicas may all be on one node; write topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "${HOST_NAME}", ... }]`,
            })),
});

/** Also true while that is not known. */
function isSpread(podSpec: Value): boolean {
    const antiAffinity = at(podSpec, "affinity", "podAntiAffinity");
    const terms = AFFINITIES.map((kind) => at(antiAffinity, kind));
    const places: readonly Value[] = [at(podSpec, "topologySpreadConstraints"), ...terms];
    if (places.includes(UNKNOWN)) return true;
    return places
        .flatMap((place) => items(place))
        .flatMap((term): readonly Value[] => [at(term, "topologyKey"), at(term, "podAffinityTerm", "topologyKey")])
        .some((key) => key === HOST_NAME || key === UNKNOWN);
}
