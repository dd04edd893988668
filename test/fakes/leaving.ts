import { leave } from "../../maintenance/actions/leave";
import { Duration } from "../../model/duration";
import type { LeaveCluster } from "./leaveCluster";

/**
 * Takes one host out of the cluster, with a request as the stack writes it, or as an earlier version wrote it, which did not
 * tell whose the host is.
 */
export function leaving(
    cluster: LeaveCluster,
    name: string,
    change: { gone?: boolean; old?: boolean } = {},
): Promise<void> {
    return leave({
        request: {
            purpose: "leave",
            ...(!change.old && { cluster: cluster.identity }),
            host: cluster.host(name),
            controlPlanes: ["cp1", "cp2", "cp3"].map((one) => cluster.host(one)),
            gone: change.gone ?? false,
        },
        drainTimeout: Duration.parse("5m"),
        ports: cluster.ports,
        progress: cluster.progress,
    });
}
