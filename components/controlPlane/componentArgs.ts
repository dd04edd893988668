import { type ClusterConfig, hostsWithRole } from "../../model/clusterConfig";

/** Folder on control planes with what the API server reads beside its certificates. */
export const SETTINGS_DIRECTORY = "/etc/kubernetes/quorate";

/** Where kubeadm finds what it is to change in its own manifests. */
export const PATCHES_DIRECTORY = "/etc/kubernetes/patches";

export interface Argument {
    readonly name: string;
    readonly value: string;
}

const asArguments = (flags: Readonly<Record<string, string | number>>): Argument[] =>
    Object.entries(flags).map(([name, value]) => ({ name, value: String(value) }));

/** kube-apiserver's flags beyond kubeadm's own (TRAPS 18, 19, 23). */
export function apiServerArgs(config: ClusterConfig): Argument[] {
    const { apiServer } = config;
    const several = hostsWithRole(config, "control-plane").length > 1;
    return asArguments({
        "shutdown-delay-duration": apiServer.shutdownDelay.toString(),
        "shutdown-send-retry-after": "true",
        ...(several && { "goaway-chance": "0.001" }),
        "authentication-config": `${SETTINGS_DIRECTORY}/authentication.yaml`,
        "encryption-provider-config": `${SETTINGS_DIRECTORY}/encryption.yaml`,
        "audit-policy-file": `${SETTINGS_DIRECTORY}/audit-policy.yaml`,
        "audit-log-path": "/var/log/kubernetes/audit/audit.log",
        "audit-log-maxage": apiServer.auditLogMaxAgeDays,
        "audit-log-maxsize": apiServer.auditLogMaxSizeMegabytes,
        "audit-log-maxbackup": apiServer.auditLogMaxFiles,
        profiling: "false",
    });
}

/** Leader election is explicit on both: the lease decides how long a crashed leader is missed. */
function leaderElectionFlags({ leaderElection }: ClusterConfig) {
    return {
        "leader-elect": "true",
        "leader-elect-lease-duration": leaderElection.leaseDuration.toString(),
        "leader-elect-renew-deadline": leaderElection.renewDeadline.toString(),
        "leader-elect-retry-period": leaderElection.retryPeriod.toString(),
    };
}

export function controllerManagerArgs(config: ClusterConfig): Argument[] {
    return asArguments({ ...leaderElectionFlags(config), profiling: "false" });
}

export function schedulerArgs(config: ClusterConfig): Argument[] {
    return asArguments({ ...leaderElectionFlags(config), profiling: "false" });
}

/** etcd's flags beyond kubeadm's own; kubeadm already asks for the corruption check at start (TRAPS 10). */
export function etcdArgs({ etcd }: ClusterConfig): Argument[] {
    return asArguments({
        "quota-backend-bytes": etcd.quotaBackendBytes,
        "heartbeat-interval": etcd.heartbeatInterval.milliseconds,
        "election-timeout": etcd.electionTimeout.milliseconds,
    });
}
