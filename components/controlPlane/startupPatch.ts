import { stringify } from "yaml";

/** Static pods of a control plane; each has one container, of the same name. */
export type StaticPod = "kube-apiserver" | "kube-controller-manager" | "kube-scheduler" | "etcd";

/**
 * kubeadm asks a static pod for the first time after 10 s and then every 10 s, so one that serves after 2 s counts as ready
 * after 10 to 20 s, and a control plane that reboots is away for that long. Asked every second, it has the same four minutes.
 */
const STARTUP_PROBE = { initialDelaySeconds: 1, periodSeconds: 1, failureThreshold: 240 };

/** The spec by which kubeadm changes the startup probe in its own manifest. */
export function startupSpec(pod: StaticPod) {
    return { containers: [{ name: pod, startupProbe: STARTUP_PROBE }] };
}

/** A patch of that alone. */
export function renderStartupPatch(pod: StaticPod): string {
    return stringify({ spec: startupSpec(pod) });
}
