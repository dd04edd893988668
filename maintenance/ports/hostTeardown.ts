import { Duration } from "../../model/duration";
import { execOk, type Remote, type RemoteHost } from "./remote";

/** What is done on a host that goes. */
export interface HostTeardown {
    /** Whether anything of the cluster is still there. */
    isInstalled(host: RemoteHost): Promise<boolean>;
    /** Lets scheduler and controller-manager end with grace, so that a leader can give up its lease. Returns when both are gone. */
    stopControllers(host: RemoteHost): Promise<void>;
    /** Lets the API server end as it ends before a reboot: unready first, then gone. Returns when its process is gone. */
    stopApiServer(host: RemoteHost): Promise<void>;
    /** Keeps a deleted node from registering itself again. */
    stopKubelet(host: RemoteHost): Promise<void>;
    /** Hands the virtual address over while HAProxy still serves (TRAPS 70). */
    stopKeepalived(host: RemoteHost): Promise<void>;
    /** Takes everything away that was installed. Says whether the host had a reset script to do it. */
    reset(host: RemoteHost): Promise<"reset" | "nothing to run">;
}

const RESET = "/usr/local/lib/quorate/reset";
const IS_INSTALLED = `
for path in ${RESET} /etc/kubernetes/kubelet.conf /etc/kubernetes/manifests/etcd.yaml /var/lib/etcd/member; do
    [ -e "$path" ] && echo installed && exit
done
echo nothing`;

/** Longer than the 30 s of grace that a pod has by default. */
const CONTROLLERS_STOP_SECONDS = 60;
/**
 * Like the API server's end below; without kubelet nobody starts them again, so ending the processes is enough. Matched by
 * the whole command line, because kube-controller-manager is longer than a process name.
 */
const STOP_CONTROLLERS = `
processes='^(kube-scheduler|kube-controller-manager) '
rm -f /etc/kubernetes/manifests/kube-scheduler.yaml /etc/kubernetes/manifests/kube-controller-manager.yaml
systemctl is-active --quiet kubelet || pkill -TERM -f "$processes"
for _ in $(seq ${CONTROLLERS_STOP_SECONDS}); do
    pgrep -f "$processes" >/dev/null || exit 0
    sleep 1
done
echo "$(pgrep -a -f "$processes" | cut -d' ' -f2 | xargs) still run ${CONTROLLERS_STOP_SECONDS} s after their manifests were removed" >&2
exit 1`;

/** Longer than the grace period of the API server's static pod, after which kubelet kills it (TRAPS 18). */
const API_SERVER_STOP_SECONDS = 150;
/**
 * Without its manifest, kubelet stops the static pod with grace (TRAPS 66). Without kubelet nobody would: then it is left
 * to the reset. kube-apiserver is at most 15 characters, so its process name is whole.
 */
const STOP_API_SERVER = `
rm -f /etc/kubernetes/manifests/kube-apiserver.yaml
systemctl is-active --quiet kubelet || exit 0
for _ in $(seq ${API_SERVER_STOP_SECONDS}); do
    pgrep -x kube-apiserver >/dev/null || exit 0
    sleep 1
done
echo "kube-apiserver still runs ${API_SERVER_STOP_SECONDS} s after its manifest was removed" >&2
exit 1`;

const SHORT = Duration.seconds(15);
const SERVICE = Duration.seconds(60);
const RESET_TIMEOUT = Duration.seconds(300);

/** Shell on the hosts, over SSH. */
export function openHostTeardown(remote: Remote): HostTeardown {
    const run = async (host: RemoteHost, command: string, timeout: Duration, what: string) =>
        execOk(remote, host, command, { timeout, what });
    return {
        isInstalled: async (host) =>
            (await run(host, IS_INSTALLED, SHORT, "looking for what is installed")).trim() === "installed",
        stopControllers: async (host) => {
            const timeout = Duration.seconds(CONTROLLERS_STOP_SECONDS + 15);
            await run(host, STOP_CONTROLLERS, timeout, "stopping scheduler and controller-manager");
        },
        stopApiServer: async (host) => {
            await run(host, STOP_API_SERVER, Duration.seconds(API_SERVER_STOP_SECONDS + 15), "stopping the API server");
        },
        stopKubelet: async (host) => {
            await run(host, stopUnit("kubelet"), SERVICE, "stopping kubelet");
        },
        stopKeepalived: async (host) => {
            await run(host, stopUnit("keepalived"), SERVICE, "stopping keepalived");
        },
        reset: async (host) => {
            const command = `if [ -x ${RESET} ]; then ${RESET} >&2 && echo reset; else echo none; fi`;
            const said = await run(host, command, RESET_TIMEOUT, RESET);
            return said.trim() === "reset" ? "reset" : "nothing to run";
        },
    };
}

/** Succeeds where the unit is not installed. */
function stopUnit(unit: string): string {
    return `systemctl cat ${unit} >/dev/null 2>&1 || exit 0; systemctl stop ${unit}`;
}
