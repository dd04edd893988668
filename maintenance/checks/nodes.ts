import { valueOf } from "../facts/answer";
import type { NodeFacts } from "../ports/kubernetes";
import { problem, warning, type Check, type Finding } from "./finding";

/** The cluster has exactly the declared nodes, Ready and schedulable. */
export const nodes: Check = {
    name: "nodes",
    title: "every declared node is Ready",

    findings(observation) {
        const { inventory, facts } = observation;
        if (!facts.kubernetes.answered) return [unknown(facts.kubernetes.why)];
        const live = valueOf(facts.kubernetes)?.nodes ?? [];
        const declared = inventory.hosts.filter(({ role }) => role !== "load-balancer").map(({ name }) => name);
        return [
            ...declared.filter((name) => !live.some((node) => node.name === name)).map(missing),
            ...live.flatMap((node) => (declared.includes(node.name) ? judge(node) : [extra(node.name)])),
        ];
    },
};

function unknown(why: string): Finding {
    return problem({
        subject: "Kubernetes",
        found: `no API server tells the nodes (${why})`,
        expected: "an answer through the endpoint or from a control plane",
        next: "bring an API server back, or check that the kubeconfig belongs to this cluster",
    });
}

function missing(name: string): Finding {
    return problem({
        subject: name,
        found: "the cluster has no such node",
        expected: "the node that the inventory declares",
        next: "run `pulumi up` so that the host joins, or take it out of the configuration",
    });
}

function extra(name: string): Finding {
    return problem({
        subject: name,
        found: "the node is not in the inventory",
        expected: "only declared nodes",
        next: `add the host to the configuration, or drain it and \`kubectl delete node ${name}\``,
    });
}

function judge({ name, ready, notReadyReason, cordoned }: NodeFacts): Finding[] {
    const findings: Finding[] = [];
    if (!ready) {
        findings.push(
            problem({
                subject: name,
                found: `the node is not Ready (${notReadyReason})`,
                expected: "Ready",
                next: "read `journalctl -u kubelet` on the host",
            }),
        );
    }
    if (cordoned) {
        findings.push(
            warning({
                subject: name,
                found: "the node is cordoned",
                expected: "schedulable, while nobody works on it",
                next: `if no maintenance is running: \`kubectl uncordon ${name}\``,
            }),
        );
    }
    return findings;
}
