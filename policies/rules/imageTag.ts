import { at, text } from "../graph/value";
import { allContainersOf, containerName, makesPods, workloadOf } from "../graph/workloads";
import { resourceRule } from "./rule";

/** Also of jobs and single pods: they start on other nodes as well. */
export const imageTag = resourceRule({
    name: "image-tag",
    wants: "Every image is named by a version or a digest.",
    why: "A pod that moves to another node may start another version there, which nobody has rolled out or can roll back.",
    source: {
        title: "Kubernetes: images",
        url: "https://kubernetes.io/docs/concepts/containers/images/#image-names",
    },
    advice: "Write the version's tag, or the digest.",
    level: "mandatory",
    severity: "medium",
    settings: {},
    concerns: makesPods,
    check: (resource) => {
        const workload = workloadOf(resource);
        if (workload === undefined) return [];
        return allContainersOf(workload.podSpec).flatMap((container) => {
            const image = text(at(container.value, "image"));
            const problem = image === undefined ? undefined : problemOf(image);
            if (problem === undefined) return [];
            const name = containerName(workload, container);
            return [{ resource, message: `${name}: image ${image} ${problem}; write a version or a digest` }];
        });
    },
});

/** A tag comes after the last slash: a colon before it belongs to the registry's port. */
function problemOf(image: string): string | undefined {
    if (image.includes("@")) return undefined;
    const tag = /:([^/]*)$/.exec(image)?.[1];
    if (tag === undefined) return "has no tag, which means latest";
    return tag === "latest" ? "may be another one tomorrow" : undefined;
}
