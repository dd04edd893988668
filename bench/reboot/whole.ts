import { AppsV1Api, type V1Deployment } from "@kubernetes/client-node";
import { LabError } from "../../lab/errors";
import type { NodeView } from "../../maintenance/actions/reboot/rebootPorts";
import { exchange } from "../../maintenance/probe/exchange";
import { errorLine } from "../../maintenance/workflow/errorLine";
import type { Clock } from "../../maintenance/workflow/clock";
import { DeadlineError, until } from "../../maintenance/workflow/until";
import { Duration } from "../../model/duration";
import type { LabCluster } from "./labCluster";
import type { Application } from "./plainApplication";
import { quorate } from "./quorateProgram";

const DEADLINE = Duration.parse("10m");
const GOOD_ANSWERS = 10;
const ANSWER_MILLISECONDS = 2000;

/** Waits until every node is Ready and open to pods. @throws LabError after 10 minutes, saying which is not */
export function awaitNodes({ ports }: LabCluster, clock: Clock): Promise<void> {
    return awaitNothingMissing("every node to be Ready and uncordoned", clock, async () =>
        (await ports.nodes.list()).flatMap(missingOfNode),
    );
}

/** Waits until the application has all its pods and answers through the endpoint, several times in a row. */
export function awaitApplication(cluster: LabCluster, application: Application, clock: Clock): Promise<void> {
    const { namespace, name } = application;
    return awaitNothingMissing(`application ${name} to answer`, clock, async () => {
        const missing = missingOfDeployment(
            await cluster.api.call(AppsV1Api, (apps, o) => apps.readNamespacedDeployment({ namespace, name }, o)),
        );
        return missing.length > 0 ? missing : badAnswers(cluster.inventory.endpoint.address, application);
    });
}

/** Waits until `quorate status` finds no problem. */
export function awaitHealthy(clock: Clock): Promise<void> {
    return awaitNothingMissing("quorate status to be healthy", clock, async () => {
        const { status, stdout, stderr } = await quorate("status", []);
        return status === 0 ? [] : [`it ends with status ${status}:\n${stdout || stderr}`];
    });
}

/** What a node lacks, in words; empty: nothing. */
export function missingOfNode({ name, ready, notReadyReason, cordoned }: NodeView): string[] {
    return [
        ...(ready ? [] : [`${name} is not Ready: ${notReadyReason}`]),
        ...(cordoned ? [`${name} is cordoned`] : []),
    ];
}

/** What a Deployment lacks, in words; empty: nothing. */
export function missingOfDeployment({ metadata, spec, status }: V1Deployment): string[] {
    const wanted = spec?.replicas ?? 1;
    const seen = (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
    const available = seen ? (status?.availableReplicas ?? 0) : 0;
    return available >= wanted ? [] : [`${metadata?.name} has ${available} of ${wanted} pods available`];
}

async function badAnswers(address: string, { host }: Application): Promise<string[]> {
    const question = { secure: false, host: address, port: 80, path: "/hostname", headers: { host } };
    for (let answer = 1; answer <= GOOD_ANSWERS; answer++) {
        const ask = { ...question, method: "GET" } as const;
        const { status, detail } = await exchange(ask, false, Date.now() + ANSWER_MILLISECONDS);
        if (status !== 200) return [`http://${host}/hostname answers ${status ?? detail}; expected 200`];
    }
    return [];
}

async function awaitNothingMissing(what: string, clock: Clock, missing: () => Promise<string[]>): Promise<void> {
    try {
        await until({
            what,
            deadline: DEADLINE,
            clock,
            observe: () => missing().catch((error: unknown) => [errorLine(error)]),
            satisfied: (found) => found.length === 0,
            describe: (found) => found.join("; "),
        });
    } catch (error) {
        throw error instanceof DeadlineError ? new LabError(error.message) : error;
    }
}
