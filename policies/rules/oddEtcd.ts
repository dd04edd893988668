import { bringsText, hostTexts } from "../graph/commands";
import { foundingMembers } from "../graph/controlPlane";
import { nameOf } from "../graph/resource";
import { stackRule } from "./rule";

/** One finding for each cluster: every member's command names the same list. */
export const oddEtcd = stackRule({
    name: "odd-etcd",
    wants: "etcd has an odd number of members.",
    why: "An even member adds a voter that can fail, and no failure that can be survived; beyond seven, writes get slower.",
    source: { title: "etcd FAQ", url: "https://etcd.io/docs/latest/faq/#why-an-odd-number-of-cluster-members" },
    advice: "Found the cluster with 3, 5 or 7 members.",
    level: "mandatory",
    severity: "high",
    settings: {
        minimum: { default: 3, minimum: 1, means: "fewest members" },
        maximum: { default: 7, minimum: 1, means: "most members" },
    },
    concerns: bringsText,
    check: (resources, { minimum, maximum }) => {
        const clusters = new Map(
            resources
                .flatMap(hostTexts)
                .map((given) => [foundingMembers(given), given.resource] as const)
                .filter(([members]) => members.length > 0)
                .toReversed()
                .map(([members, resource]) => [members.join(), { members, resource }]),
        );
        return [...clusters.values()].toReversed().flatMap(({ members, resource }) => {
            const size = members.length;
            if (size % 2 === 1 && size >= minimum && size <= maximum) return [];
            const accepted = [size - 1, size + 1].filter((other) => other >= minimum && other <= maximum);
            const problem =
                size % 2 === 0 && accepted.length > 0
                    ? `an even number, which survives no more failures than ${size - 1}; write ${accepted.join(" or ")}`
                    : `expected is an odd number from ${minimum} to ${maximum}`;
            return [
                {
                    resource,
                    message: `${nameOf(resource)}: founds etcd with ${size} member${size === 1 ? "" : "s"} (${members.join(", ")}), ${problem}`,
                },
            ];
        });
    },
});
