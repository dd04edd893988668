import { until } from "../../../lab/wait";
import type { ClusterLab } from "../clusterLab";
import { SHOW_STATE } from "./traces";

/** Waits until both balancers send the API's requests to others: then questions are answered in time. */
export async function untilDown(lab: ClusterLab, host: string): Promise<void> {
    const ask = (balancer: string) =>
        lab.on(balancer, `${SHOW_STATE} | awk '$2 == "k8s-api" && $4 == "${host}" { print $6 }'`);
    await until({
        what: `the API server of ${host} to be out of both balancers`,
        deadlineMs: 60_000,
        intervalMs: 500,
        observe: () => Promise.all(["lb1", "lb2"].map(ask)),
        satisfied: (states) => states.every((state) => state === "0"),
        describe: (states) => states.join(", "),
    });
}
