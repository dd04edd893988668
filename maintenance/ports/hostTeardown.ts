import { Duration } from "../../model/duration";
import { runDetached, type DetachedStep } from "./detachedStep";
import { API_SERVER_STOP_DEADLINE, API_SERVER_STOP_SECONDS } from "./hostScripts";
import { loopFor } from "./loopFor";
import {
    type ClusterMark,
    type HostTraces,
    mayReset,
    parseTraces,
    RESET,
    RESET_WITHOUT_SCRIPT,
    SHOW_TRACES,
} from "./hostTraces";
import { shellQuote } from "../../steps/shellQuote";
import { execOk, type Remote, type RemoteHost } from "./remote";

/** What is done on a host that goes. */
export interface HostTeardown {
    /** What tells whose the host is. Nothing below is done on a host that is not ours. */
    traces(host: RemoteHost): Promise<HostTraces>;
    /** Lets scheduler and controller-manager end with grace, so that a leader can give up its lease. Returns when both are gone. */
    stopControllers(host: RemoteHost): Promise<void>;
    /** Lets the API server end as it ends before a reboot: unready first, then gone. Returns when its process is gone. */
    stopApiServer(host: RemoteHost): Promise<void>;
    /** Keeps a deleted node from registering itself again. */
    stopKubelet(host: RemoteHost): Promise<void>;
    /** Hands the virtual address over while HAProxy still serves (TRAPS 70). */
    stopKeepalived(host: RemoteHost): Promise<void>;
    /**
     * Takes everything away that was installed, the mark last. The host itself looks at its mark again.
     * @param cluster as in the mark; undefined for a host that an earlier version has set up
     * @throws RemoteError when anything is left, naming it
     */
    reset(host: RemoteHost, cluster: ClusterMark | undefined): Promise<void>;
}

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
${loopFor(CONTROLLERS_STOP_SECONDS)}
    pgrep -f "$processes" >/dev/null || exit 0
    sleep 1
done
echo "$(pgrep -a -f "$processes" | cut -d' ' -f2 | xargs) still run ${CONTROLLERS_STOP_SECONDS} s after their manifests were removed" >&2
exit 1`;

/**
 * Without its manifest, kubelet stops the static pod with grace (TRAPS 66). Without kubelet nobody would: then it is left
 * to the reset. kube-apiserver is at most 15 characters, so its process name is whole.
 */
const STOP_API_SERVER = `
rm -f /etc/kubernetes/manifests/kube-apiserver.yaml
systemctl is-active --quiet kubelet || exit 0
${loopFor(API_SERVER_STOP_SECONDS)}
    pgrep -x kube-apiserver >/dev/null || exit 0
    sleep 1
done
echo "kube-apiserver still runs ${API_SERVER_STOP_SECONDS} s after its manifest was removed" >&2
exit 1`;

const SHORT = Duration.seconds(15);
const SERVICE = Duration.seconds(60);
const RESET_DEADLINE = Duration.seconds(540);

/** The changes as steps of the host's systemd: a host half taken down is worse than one that took longer (F50). */
const STEPS = {
    stopControllers: {
        unit: "quorate-leave-stop-controllers",
        script: STOP_CONTROLLERS,
        what: "stopping scheduler and controller-manager",
        deadline: Duration.seconds(CONTROLLERS_STOP_SECONDS + 15),
    },
    stopApiServer: {
        unit: "quorate-leave-stop-api-server",
        script: STOP_API_SERVER,
        what: "stopping the API server",
        deadline: API_SERVER_STOP_DEADLINE,
    },
    stopKubelet: {
        unit: "quorate-leave-stop-kubelet",
        script: stopUnit("kubelet"),
        what: "stopping kubelet",
        deadline: SERVICE,
    },
    stopKeepalived: {
        unit: "quorate-leave-stop-keepalived",
        script: stopUnit("keepalived"),
        what: "stopping keepalived",
        deadline: SERVICE,
    },
} as const satisfies Record<string, DetachedStep>;

function resetStep(cluster: ClusterMark | undefined): DetachedStep {
    const run = [RESET, ...(cluster ? [cluster.name, cluster.foundingId].map(shellQuote) : [])].join(" ");
    return {
        unit: "quorate-leave-reset",
        script: `if [ -x ${RESET} ]; then\n${mayReset(cluster)}\n${run} >&2; exit; fi${RESET_WITHOUT_SCRIPT}`,
        what: `running ${RESET}`,
        deadline: RESET_DEADLINE,
    };
}

/** Shell on the hosts, over SSH. @param report told which host does not answer while it is waited for */
export function openHostTeardown(remote: Remote, report: (line: string) => void = () => undefined): HostTeardown {
    const run = (host: RemoteHost, step: DetachedStep) =>
        runDetached(remote, host, step, { report: (line) => report(`${host.name}: ${line}`) });
    const change = (step: DetachedStep) => async (host: RemoteHost) => {
        await run(host, step);
    };
    return {
        async traces(host) {
            const what = "looking for the mark of its cluster";
            return parseTraces(await execOk(remote, host, SHOW_TRACES, { timeout: SHORT, what }));
        },
        stopControllers: change(STEPS.stopControllers),
        stopApiServer: change(STEPS.stopApiServer),
        stopKubelet: change(STEPS.stopKubelet),
        stopKeepalived: change(STEPS.stopKeepalived),
        async reset(host, cluster) {
            await run(host, resetStep(cluster));
        },
    };
}

/** Succeeds where the unit is not installed. */
function stopUnit(unit: string): string {
    return `systemctl cat ${unit} >/dev/null 2>&1 || exit 0; systemctl stop ${unit}`;
}
