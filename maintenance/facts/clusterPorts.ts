import type { ApiServers } from "../ports/apiServer";
import type { Certificates } from "../ports/certificates";
import type { Etcd } from "../ports/etcd";
import type { Kubernetes } from "../ports/kubernetes";
import type { LoadBalancers } from "../ports/loadBalancer";
import type { Systemd } from "../ports/systemd";

/** Everything a cluster is observed through. */
export interface ClusterPorts {
    readonly systemd: Systemd;
    readonly certificates: Certificates;
    readonly etcd: Etcd;
    readonly apiServers: ApiServers;
    readonly loadBalancers: LoadBalancers;
    readonly kubernetes: Kubernetes;
}
