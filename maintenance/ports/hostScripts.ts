import { Duration } from "../../model/duration";
import { loopFor } from "./loopFor";

/** Shell that a reboot runs on hosts. Each may be run again after an interruption. */

/** For what a script does beside waiting. */
const MARGIN = Duration.seconds(15);

/**
 * Marks of Debian and its kin; on others `needs-restarting -r` of dnf-utils says it with exit status 1 (TRAPS 44).
 * Without either nobody can say, which counts as no.
 */
export const REBOOT_REQUIRED = `
[ -e /run/reboot-required ] || [ -e /var/run/reboot-required ] && { echo yes; exit; }
command -v needs-restarting >/dev/null || { echo no; exit; }
needs-restarting -r >/dev/null 2>&1
[ $? = 1 ] && echo yes || echo no`;

/** Longer than the grace period of the API server's static pod, after which kubelet would kill it (TRAPS 18). */
export const API_SERVER_STOP_SECONDS = 150;
/** Until its stop has succeeded or failed. */
export const API_SERVER_STOP_DEADLINE = Duration.seconds(API_SERVER_STOP_SECONDS).plus(MARGIN);
/** Kubelet comes back by itself, should nobody reboot the host. */
const KUBELET_RETURN_SECONDS = 600;
const KUBELET_RETURN = "quorate-kubelet-return";

/** Units of the two steps below. Each begins with ending the other: one may be left under way by a driver that was killed. */
export const STOP_API_SERVER_UNIT = "quorate-stop-api-server";
export const START_API_SERVER_UNIT = "quorate-start-api-server";

/**
 * The API server ends as its kubelet would end it, with SIGTERM and the whole shutdown delay (TRAPS 66), but nothing on disk
 * is changed for it: while kubelet is stopped nobody starts the static pod again, and every boot starts both. Scheduler and
 * controller-manager end first, while they can still give up their leases. The names of processes are cut to 15 characters.
 *
 * @param ingressPods uids of pods that balancers send nothing to any more. Such a pod serves on for a while when it is told to
 * end, so it is told now: otherwise the reboot waits for it.
 */
export function stopApiServerScript(ingressPods: readonly string[]): string {
    return `
systemctl stop ${START_API_SERVER_UNIT}.service 2>/dev/null
systemctl stop ${KUBELET_RETURN}.timer 2>/dev/null
systemd-run --quiet --collect --unit=${KUBELET_RETURN} --on-active=${KUBELET_RETURN_SECONDS} --timer-property=AccuracySec=1s systemctl start kubelet || exit 1
systemctl stop kubelet || exit 1
for uid in ${ingressPods.join(" ")}; do
    for pid in $(find /sys/fs/cgroup -name cgroup.procs \\( -path "*pod$uid*" -o -path "*pod\${uid//-/_}*" \\) -exec cat {} +); do
        [ "$(cat /proc/$pid/comm)" = pause ] && continue
        [ "$(awk '/^NSpid:/ { print $NF }' /proc/$pid/status)" = 1 ] && kill -TERM $pid
    done
done
pkill -TERM -x kube-scheduler
pkill -TERM -x kube-controller
pkill -TERM -x kube-apiserver
${loopFor(API_SERVER_STOP_SECONDS)}
    pgrep -x kube-apiserver >/dev/null || exit 0
    sleep 0.2
done
echo "kube-apiserver still runs ${API_SERVER_STOP_SECONDS} s after SIGTERM" >&2
exit 1`;
}

/** From the start of kubelet until the API server is ready, on a busy host. */
const API_SERVER_START_SECONDS = 120;
/** Until its start has succeeded or failed. */
export const API_SERVER_START_DEADLINE = Duration.seconds(API_SERVER_START_SECONDS).plus(MARGIN);

/** Kubelet starts the static pods again. Anonymous requests may ask for /readyz; a refusal of them is an answer, too. */
export const START_API_SERVER = `
systemctl stop ${STOP_API_SERVER_UNIT}.service 2>/dev/null
systemctl stop ${KUBELET_RETURN}.timer 2>/dev/null
systemctl start kubelet || exit 1
${loopFor(API_SERVER_START_SECONDS)}
    code=$(curl --silent --insecure --max-time 1 --output /dev/null --write-out '%{http_code}' https://127.0.0.1:6443/readyz)
    case $code in 200 | 401 | 403) exit 0 ;; esac
    sleep 0.5
done
echo "kube-apiserver is not ready ${API_SERVER_START_SECONDS} s after kubelet was started; /readyz says $code" >&2
exit 1`;

const REBOOT_UNIT = "quorate-reboot";

/**
 * The reboot belongs to systemd before the command returns, so it does not need the connection (F50). One that is under way
 * is not ordered twice.
 */
export const REBOOT = `
systemctl is-active --quiet ${REBOOT_UNIT} && exit 0
systemd-run --quiet --collect --no-block --unit=${REBOOT_UNIT} systemctl reboot`;

/** States of a load balancer's units, then the addresses that are listened on, one line each. */
export const BALANCER_UNITS = `systemctl is-active haproxy keepalived
ss -Hltn | awk '{ print $4 }'`;
