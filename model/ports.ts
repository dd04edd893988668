/** Ports of the cluster's own programs: what kubeadm, kubelet, etcd and kube-proxy listen on. HAProxy's are configured. */
export const PORTS = {
    apiServer: 6443,
    etcdClient: 2379,
    etcdPeer: 2380,
    etcdMetrics: 2381,
    kubelet: 10250,
    kubeletHealth: 10248,
    controllerManager: 10257,
    scheduler: 10259,
    proxyMetrics: 10249,
    proxyHealth: 10256,
} as const;
