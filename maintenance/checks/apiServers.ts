import { inventoryHosts } from "../../model/inventory";
import type { Answer } from "../facts/answer";
import { isReachable, type Observation } from "../facts/clusterFacts";
import type { Readiness } from "../ports/apiServer";
import { problem, type Check, type Finding } from "./finding";

/** Every API server is ready, straight, through each balancer and through the endpoint, with the cluster's certificate. */
export const apiServers: Check = {
    name: "api-servers",
    title: "/readyz says 200 on every way to the API",

    findings: ({ inventory, facts }: Observation) => [
        ...inventoryHosts(inventory, "control-plane").flatMap(({ name }) =>
            judge(
                facts.apiServers.direct[name],
                name,
                "its API server",
                "read the log of the kube-apiserver static pod in /var/log/pods on the host",
            ),
        ),
        ...inventoryHosts(inventory, "load-balancer").flatMap(({ name }) =>
            // A balancer host that is down is named once, by SSH.
            isReachable(facts, name)
                ? judge(
                      facts.apiServers.throughBalancer[name],
                      name,
                      "the API through this balancer",
                      "see the balancer's servers and `journalctl -u haproxy` on the host",
                  )
                : [],
        ),
        ...judge(
            facts.apiServers.endpoint,
            `endpoint ${inventory.endpoint.address}:${inventory.endpoint.port}`,
            "the API",
            "see who owns the address and whether its balancer has servers that are up",
        ),
    ],
};

function judge(answer: Answer<Readiness> | undefined, subject: string, what: string, next: string): Finding[] {
    if (answer === undefined) return [];
    const found = fault(answer);
    if (found === undefined) return [];
    return [
        problem({
            subject,
            found: `${what} ${found}`,
            expected: "200 from /readyz and the cluster's certificate",
            next,
        }),
    ];
}

function fault(answer: Answer<Readiness>): string | undefined {
    if (!answer.answered) return `does not answer (${answer.why})`;
    const { status, answer: text, certificateProblem } = answer.value;
    if (status !== 200) return `says ${status} ${text}`;
    return certificateProblem === "" ? undefined : `has a wrong certificate: ${certificateProblem}`;
}
