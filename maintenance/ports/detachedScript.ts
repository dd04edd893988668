import type { Duration } from "../../model/duration";
import { CLEAN_ENVIRONMENT } from "../../steps/remoteCommand";
import { shellQuote } from "../../steps/shellQuote";

/**
 * Shell that begins a step on a host and follows it to its end, whatever becomes of the connection. A run lies in a folder
 * of /run, so a reboot forgets it. Nothing here polls while a step runs: the unit holds a lock on the folder of its name.
 */

/** One run of a step. */
export interface DetachedRun {
    /** Name of its systemd unit. */
    readonly unit: string;
    /** Tells this run from earlier ones of the same name. */
    readonly attempt: string;
    /** The boot of the host in which it was ordered. */
    readonly bootId: string;
    readonly script: string;
}

export interface FollowOptions {
    /** Whether a run that is not there may still be begun. */
    readonly mayBegin: boolean;
    /** How long the host waits for the end. */
    readonly wait: Duration;
}

/**
 * What a host says of a run. `running`: still, after the wait. `killed`: it left no exit status. `stopping`: the same, on a
 * host that shuts down, at whose end systemd answers no more. `rebooted`: the host has another boot id. `not begun`: it is not there, and may not be begun.
 */
export type RunState =
    | { readonly kind: "ended"; readonly status: number; readonly stdout: string }
    | { readonly kind: "running" | "killed" | "stopping" | "rebooted" | "not begun" };

const STEPS = "/run/quorate/steps";

/**
 * The unit's program. The lock ends with the process, however that ends; the script does not inherit it. Of all units ever
 * started for a run, one makes the folder `claimed`.
 */
const MAIN = `here=\${0%/*}
exec 9<"$here/.."
flock 9
mkdir "$here/claimed" 2>/dev/null || exit 0
bash "$here/script" </dev/null >"$here/stdout" 2>"$here/stderr" 9<&-
echo $? >"$here/status.new"
mv "$here/status.new" "$here/status"`;

/** systemd gives a unit the host's locale, and what its administrator has set for all units. */
const START = `systemd-run --quiet --collect --unit="$1" ${CLEAN_ENVIRONMENT} bash "$run/main"`;

/**
 * Only one session at a time begins something, under the lock of all steps. A run of the same name that is under way is
 * joined: scripts are idempotent, so its end is as good. systemd-run may have to be asked again while systemd still clears
 * away a unit of that name.
 */
const FOLLOW = `steps=${STEPS}/$1
run=$steps/$2
[ "$(cat /proc/sys/kernel/random/boot_id)" = "$3" ] || { echo rebooted; exit 0; }
begin() {
    [ -e "$run/claimed" ] && return
    mkdir -p "$steps"
    if ! flock --nonblock --shared "$steps" true; then
        [ -e "$run" ] || ln -s "$(readlink "$steps/current")" "$run"
        return
    fi
    if [ ! -e "$run/main" ]; then
        mkdir -p "$run"
        printf '%s\\n' "$6" >"$run/script"
        cat >"$run/main.new" <<'MAIN'
${MAIN}
MAIN
        mv "$run/main.new" "$run/main"
    fi
    ln -sfn "$2" "$steps/current"
    tries=0
    until said=$(${START} 2>&1); do
        [ -e "$run/claimed" ] && return
        [ $((tries += 1)) -lt 50 ] || { echo "its unit cannot be started: $said" >&2; return 1; }
        sleep 0.1
    done
    for _ in $(seq 500); do
        [ -e "$run/claimed" ] && return
        sleep 0.02
    done
    echo "its unit was started and does not begin" >&2
    return 1
}
if [ ! -e "$run/claimed" ]; then
    [ "$4" = begin ] || { echo "not begun"; exit 0; }
    umask 077
    mkdir -p ${STEPS}
    ( flock 9; begin "$@" ) 9<${STEPS} || exit 1
fi
[ -e "$run/status" ] || flock --shared --wait "$5" --conflict-exit-code 75 "$steps" true
waited=$?
if [ -e "$run/status" ]; then
    echo "ended $(cat "$run/status")"
    cat "$run/stdout"
    cat "$run/stderr" >&2
elif [ $waited = 75 ]; then
    echo running
else
    system=$(systemctl is-system-running 2>/dev/null)
    case $system in "" | unknown | stopping) echo stopping ;; *) echo killed ;; esac
fi
exit 0`;

/**
 * Begins the run if need be and waits for its end. Safe to send any number of times, also at once: its script runs once.
 * The whole is one SSH request, which arrives complete or not at all. Exit status 1 when it cannot be begun.
 */
export function followCommand(run: DetachedRun, { mayBegin, wait }: FollowOptions): string {
    const mode = mayBegin ? "begin" : "follow";
    const words = [run.unit, run.attempt, run.bootId, mode, String(wait.wholeSeconds), run.script];
    return `# unit ${run.unit}\nset -- ${words.map(shellQuote).join(" ")}\n${FOLLOW}`;
}

/** Removes what a run has left, once its result is known. */
export function forgetCommand({ unit, attempt }: DetachedRun): string {
    return `steps=${STEPS}/${shellQuote(unit)}
( flock 9; rm -rf "$steps"/${shellQuote(attempt)}; find "$steps" -xtype l -delete; rmdir "$steps" ) 9<${STEPS} 2>/dev/null
exit 0`;
}

const OTHER_STATES = ["running", "killed", "stopping", "rebooted", "not begun"] as const;

/** Reads the answer to `followCommand`; undefined when it is none. */
export function parseFollowed(stdout: string): RunState | undefined {
    const end = stdout.indexOf("\n");
    const first = stdout.slice(0, end);
    const status = /^ended (\d+)$/.exec(first)?.[1];
    if (status !== undefined) return { kind: "ended", status: Number(status), stdout: stdout.slice(end + 1) };
    const kind = OTHER_STATES.find((state) => state === first);
    return kind === undefined ? undefined : { kind };
}
