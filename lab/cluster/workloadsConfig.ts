import type { WorkloadsConfigInput } from "../../model/workloadsConfig";
import { imageReference } from "../artifacts/imageCatalogue";
import { stackName } from "./pulumi";

/** The name under which the lab's ingress serves the reference application. */
export const applicationHost = "web.lab.test";

/**
 * What stands on the lab's cluster, the value of `quorate:workloads`: Skipper as ingress on the control planes, and a web
 * application whose `/hostname` names the pod that answers.
 */
export function labWorkloadsConfig(): WorkloadsConfigInput {
    return {
        cluster: stackName(),
        ingress: { controller: "skipper", image: imageReference("skipper") },
        applications: [
            {
                name: "web",
                image: imageReference("agnhost"),
                args: ["netexec", "--http-port=8080"],
                port: 8080,
                readinessPath: "/healthz",
                replicas: 5,
                resources: { requests: { cpu: "20m", memory: "16Mi" }, limits: { memory: "128Mi" } },
                user: 65534,
                host: applicationHost,
            },
        ],
    };
}
