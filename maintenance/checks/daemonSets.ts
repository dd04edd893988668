import { valueOf } from "../facts/answer";
import { problem, type Check } from "./finding";

/** Every DaemonSet is ready on every node it wants (TRAPS 33). */
export const daemonSets: Check = {
    name: "daemonsets",
    title: "every DaemonSet is ready on its nodes",

    findings: ({ facts }) =>
        (valueOf(facts.kubernetes)?.daemonSets ?? [])
            .filter(({ desired, ready }) => ready < desired)
            .map(({ namespace, name, desired, ready }) =>
                problem({
                    subject: `DaemonSet ${namespace}/${name}`,
                    found: `${ready} of ${desired} pods are ready`,
                    expected: `${desired} ready`,
                    next: `see which one is not: \`kubectl -n ${namespace} get pods -o wide\``,
                }),
            ),
};
