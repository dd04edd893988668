import { errorLine } from "../../maintenance/workflow/errorLine";
import type { Clock } from "../../maintenance/workflow/clock";
import { until } from "../../maintenance/workflow/until";
import { Duration } from "../../model/duration";
import { handHosts } from "./ways";
import { awaitNodes } from "./whole";
import type { LabCluster } from "./labCluster";
import { plainApplication, plainObjects } from "./plainApplication";

const DEADLINE = Duration.parse("10m");

/** Everything that a way may have left changed, as it was: ingress servers ready, nodes uncordoned; then waits for the nodes. */
export async function putBack(cluster: LabCluster, clock: Clock): Promise<void> {
    const nodes = handHosts(cluster.inventory);
    const servers = cluster.inventory.hosts.filter(({ ingress }) => ingress);
    await again("ingress servers to be set to ready", clock, async () => {
        for (const { name } of servers) await cluster.ports.balancers.setIngress(name, "ready");
    });
    await again("kubectl uncordon to succeed", clock, () => cluster.kubectl(["uncordon", ...nodes]));
    await awaitNodes(cluster, clock);
}

/** Puts up the plain application anew. */
export async function putUpPlain({ kubectl }: LabCluster): Promise<void> {
    await kubectl(REMOVE);
    const list = { apiVersion: "v1", kind: "List", items: plainObjects(plainApplication) };
    await kubectl(["apply", "--filename", "-"], { input: JSON.stringify(list) });
}

const REMOVE = ["delete", "namespace", plainApplication.namespace, "--ignore-not-found", "--timeout", "120s"];

/** Removes the plain application, and waits until it is gone. */
export function removePlain({ kubectl }: LabCluster, clock: Clock): Promise<void> {
    return again("the plain application to be removed", clock, () => kubectl(REMOVE));
}

async function again(what: string, clock: Clock, work: () => Promise<void>): Promise<void> {
    await until({
        what,
        deadline: DEADLINE,
        clock,
        observe: () => work().then(() => "", errorLine),
        satisfied: (failure) => failure === "",
        describe: (failure) => failure,
    });
}
