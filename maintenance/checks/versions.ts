import type { Observation } from "../facts/clusterFacts";
import { observedVersions } from "../facts/observedVersions";
import { problem, type Check } from "./finding";

/** Everything runs in the declared version. */
export const versions: Check = {
    name: "versions",
    title: "every component has the declared version",

    findings: (observation: Observation) =>
        observedVersions(observation)
            .filter(({ matches }) => !matches)
            .map(({ host, component, found, expected }) =>
                problem({
                    subject: host,
                    found: `${component} is ${found}`,
                    expected,
                    next: "if an upgrade was interrupted, finish it; otherwise declare the version that runs",
                }),
            ),
};
