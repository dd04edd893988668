/**
 * containerd's configuration, version 3. What depends on the single host (cgroup driver, capabilities) is added there, in
 * conf.d, by the runtime step.
 *
 * @param sandboxImage the pause image that kubelet agrees on
 */
export function renderContainerdConfig(sandboxImage: string): string {
    return `version = 3
imports = ["/etc/containerd/conf.d/*.toml"]

[plugins.'io.containerd.cri.v1.images']
  snapshotter = 'overlayfs'

[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = '${sandboxImage}'

[plugins.'io.containerd.cri.v1.runtime'.cni]
  bin_dirs = ['/opt/cni/bin']
  conf_dir = '/etc/cni/net.d'

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
  runtime_type = 'io.containerd.runc.v2'
`;
}

/** All names that programs look for a proxy under. */
const PROXY_VARIABLES = ["http_proxy", "https_proxy", "no_proxy", "all_proxy"].flatMap((name) => [
    name.toUpperCase(),
    name,
]);

/**
 * A proxy of the host's own, as in systemd's DefaultEnvironment=, is emptied, and not taken away by UnsetEnvironment=: that
 * would come after the drop-in, by which the configured proxy comes.
 */
export const CONTAINERD_UNIT = `[Unit]
Description=containerd container runtime
Documentation=https://containerd.io
After=network.target local-fs.target dbus.service

[Service]
Environment=${PROXY_VARIABLES.map((name) => `${name}=`).join(" ")}
ExecStart=/usr/local/bin/containerd
Type=notify
Delegate=yes
KillMode=process
Restart=always
RestartSec=2
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
OOMScoreAdjust=-999

[Install]
WantedBy=multi-user.target
`;

/** The kubelet dials nothing through a proxy, whatever the host has in systemd's DefaultEnvironment=. */
export const KUBELET_UNIT = `[Unit]
Description=kubelet: the Kubernetes node agent
Documentation=https://kubernetes.io/docs/
After=containerd.service network-online.target
Wants=containerd.service network-online.target

[Service]
UnsetEnvironment=${PROXY_VARIABLES.join(" ")}
ExecStart=/usr/local/bin/kubelet
Restart=always
RestartSec=2
StartLimitIntervalSec=0

[Install]
WantedBy=multi-user.target
`;

/** kubeadm writes the files named here; the names are its contract with the unit. */
export const KUBELET_DROP_IN = `[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
ExecStart=
ExecStart=/usr/local/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS
`;
