import { leave } from "../../maintenance/actions/leave";
import { Duration } from "../../model/duration";
import type { LeaveCluster } from "./leaveCluster";

/** Takes one host out of the cluster, with a request as the stack writes it. */
export function leaving(cluster: LeaveCluster, name: string, change: { gone?: boolean } = {}): Promise<void> {
    return leave({
        request: {
            purpose: "leave",
            host: cluster.host(name),
            controlPlanes: ["cp1", "cp2", "cp3"].map((one) => cluster.host(one)),
            gone: change.gone ?? false,
        },
        drainTimeout: Duration.parse("5m"),
        ports: cluster.ports,
        progress: cluster.progress,
    });
}
