# Shell functions that quorate's steps on this host share. Sourced by bash, as root.
#
# A step prints one line of JSON on its standard output: {"changed":["what it changed", ...]}, empty when it found
# everything in place. Everything else goes to /var/log/quorate/<step>.log, whose end is shown when the step fails.
#
# A step may end at any line, with its host even. So what it changes is written to /var/lib/quorate/pending/<step> first and
# forgotten last: the next run reads there what an earlier one has put into place and perhaps nobody has loaded yet.

# begin STEP [CLUSTER HOST]: takes its turn on this host and starts the log; from here on only `finish` and `refuse` speak to
# the caller. The turn matters after an interrupted `up`: the interrupted step may still run, and this one would trip over it.
# Nothing at all is done on a host that does not carry the mark of that cluster.
begin() {
    [ $# = 1 ] || require_mark "$2" "$3"
    step=$1
    caller=$(parent)
    pending=/var/lib/quorate/pending/$step
    # Whoever may open the file may hold the turn.
    (umask 077; : >>/run/quorate.lock)
    chmod 0600 /run/quorate.lock
    exec 200>>/run/quorate.lock
    flock -w 600 200 || { echo "$(hostname): another step of quorate has been running for 10 minutes; see /var/log/quorate, and who holds /run/quorate.lock: lslocks" >&2; exit 1; }
    # Whoever had the turn may have been the reset.
    [ $# = 1 ] || require_mark "$2" "$3"
    mkdir -p -m 0700 /var/log/quorate
    log=/var/log/quorate/$step.log
    exec 3>&1 4>&2 >>"$log" 2>&1
    printf '\n== %s %s\n' "$(date -u +%FT%TZ)" "$step"
    trap 'explain $?' EXIT
}

# require_mark CLUSTER HOST
require_mark() {
    grep -qsxF "cluster=$1" /var/lib/quorate/owner && grep -qsxF "host=$2" /var/lib/quorate/owner && return
    echo "$(hostname): /var/lib/quorate/owner does not name cluster $1 and host $2: somebody has given this host away, or installed it anew; take it out of the configuration, nothing was changed on it" >&2
    exit 1
}

explain() {
    [ "$1" = 0 ] || is_refused && return
    { printf '%s: step %s failed with exit code %s; end of %s:\n' "$(hostname)" "$step" "$1" "$log"; tail -n 25 "$log"; } >&4
}

# refuse MESSAGE: ends the step with a sentence instead of a log; the first one counts, also in a subshell.
refuse() {
    is_refused || printf '%s: %s\n' "$(hostname)" "$1" >&4
    printf 'refused: %s\n%s\n' "$1" "$refused" >>"$log"
    exit 1
}

refused="--- refused"
is_refused() { [ "$(tail -n 1 "$log")" = "$refused" ]; }

# parent: the process that started this shell, where sudo and the shell that called sudo do not count: they stay when their
# own caller goes. Another one once the caller has gone.
parent() {
    local pid=$$ key value name above
    while [ -r "/proc/$pid/status" ]; do
        while read -r key value; do
            case $key in Name:) name=$value ;; PPid:) above=$value; break ;; esac
        done <"/proc/$pid/status"
        [ "$pid" = $$ ] || case $name in sudo | sh) ;; *) break ;; esac
        pid=$above
    done
    printf '%s\n' "$pid"
}

# changed WHAT: to be called before the change itself, which may be the last that this run does.
changed() {
    [[ $1 != *$'\n'* ]] || refuse "a change takes one line, this has more: $1"
    printf 'changed: %s\n' "$1"
    is_pending "$1" && return
    mkdir -p "${pending%/*}"
    printf '%s\n' "$1" >>"$pending"
    sync -d "$pending"
}

is_pending() { [ -f "$pending" ] && grep -qxF -e "$1" "$pending"; }

# is_changed PREFIX: whether this run, or one before it that broke off, changed a file whose path starts with PREFIX.
is_changed() {
    local item
    [ -f "$pending" ] || return 1
    while read -r item; do [[ $item == "$1"* ]] && return 0; done <"$pending"
    return 1
}

# finish: says what was changed, and forgets it.
finish() {
    local items=() list=
    [ ! -f "$pending" ] || mapfile -t items <"$pending"
    if [ ${#items[@]} -gt 0 ]; then
        items=("${items[@]//\\/\\\\}")
        list=$(printf '"%s",' "${items[@]//\"/\\\"}")
    fi
    printf '{"changed":[%s]}\n' "${list%,}" >&3
    settle
}

# settle: nothing is pending any more; the last thing that a step does.
settle() { rm -f "$pending"; }

# put_file MODE PATH: makes PATH hold standard input, atomically, and remembers it for the reset.
put_file() {
    local mode=$1 path=$2 staged
    staged=$(staged_beside "$path")
    mkdir -p "${path%/*}"
    rm -f "$staged"
    (umask 077; cat >"$staged") || refuse "could not write $staged; see whether the disk is full: df ${path%/*}"
    chmod "$mode" "$staged"
    if [ -f "$path" ] && cmp -s "$staged" "$path" && [ "$(stat -c %a "$path")" = "$(stat -c %a "$staged")" ]; then
        rm -f "$staged"
        return
    fi
    put_staged "$path"
}

# staged_beside PATH: where its new content lies before it is moved into place. Hidden: readers of whole folders skip it.
staged_beside() { printf '%s/.%s.quorate' "${1%/*}" "${1##*/}"; }

# put_staged PATH: moves what is staged beside PATH into place.
put_staged() {
    local staged
    staged=$(staged_beside "$1")
    sync -d "$staged"
    remember_file "$1"
    changed "$1"
    mv -f "$staged" "$1"
}

# remember_file PATH: notes for the reset that PATH is ours, and keeps what stood there before us.
remember_file() {
    local original=/var/lib/quorate/originals$1 staged
    grep -qxF -e "$1" /var/lib/quorate/files 2>/dev/null && return
    mkdir -p /var/lib/quorate
    if [ -f "$1" ]; then
        staged=$(staged_beside "$original")
        mkdir -p "${original%/*}"
        cp -p "$1" "$staged"
        sync -d "$staged"
        mv -f "$staged" "$original"
    fi
    printf '%s\n' "$1" >>/var/lib/quorate/files
    sync -d /var/lib/quorate/files
}

# bounded SECONDS COMMAND...: a program or a function, for at most so long; then it ends with all its children, and the exit
# code is 124.
bounded() {
    local seconds=$1 shell=$BASHPID status=0 work watch
    shift
    if [ "$(type -t "$1")" = function ]; then
        # Job control gives each a process group of its own, which can be ended as a whole.
        set -m
        "$@" <&0 &
        work=$!
        {
            while [ $((seconds--)) -gt 0 ] && kill -0 "$shell"; do sleep 1; done
            kill -KILL -- "-$work"
        } </dev/null >/dev/null 2>&1 3>&- 4>&- 200>&- &
        watch=$!
        set +m
        wait "$work" || status=$?
        { kill -KILL -- "-$watch" && wait "$watch"; } 2>/dev/null || true
    else
        timeout --kill-after=5 "$seconds" "$@" || status=$?
    fi
    [ $status != 137 ] || status=124
    return $status
}

# with_proxy COMMAND...: with the site's proxy, when the step has one (the setting `proxy`); for what comes from outside only.
# Everything else of a step knows no proxy. COMMAND may be a function; it runs in a subshell.
with_proxy() (
    [ -z "${proxy[*]-}" ] || export "${proxy[@]}"
    "$@"
)

# limited SECONDS PROGRAM...: a program that takes longer ends, and the step with it.
limited() {
    local status=0
    bounded "$@" || status=$?
    [ $status != 124 ] || refuse "this did not end within $1 s: ${*:2}; run it on the host to see why, then pulumi up again"
    return $status
}

# wait_for SECONDS DESCRIPTION COMMAND...: until COMMAND succeeds; its last output is part of the refusal. One that hangs is
# ended at the deadline.
wait_for() {
    local deadline=$((SECONDS + $1)) description=$2 seen said= left status
    shift 2
    while :; do
        left=$((deadline > SECONDS ? deadline - SECONDS : 1))
        status=0
        seen=$(bounded $left "$@" 2>&1) || status=$?
        [ $status != 0 ] || return 0
        [ $status != 124 ] || seen="${seen:+$seen; }$1 gave no answer within $left s"
        [ "$seen" = "$said" ] || printf 'waiting for %s: %s\n' "$description" "$seen"
        said=$seen
        [ "$(parent)" = "$caller" ] || refuse "abandoned while waiting for $description"
        [ $SECONDS -lt $deadline ] || refuse "waited in vain for $description; last seen: ${seen:-nothing}"
        sleep 0.25
    done
}

# ensure_service UNIT [RESTART]: enabled and running; restarted (or reloaded, as said) when its files changed.
ensure_service() {
    local unit=$1 action=${2:-}
    limited 60 systemctl is-enabled --quiet "$unit" 2>/dev/null || {
        changed "$unit enabled"
        limited 60 systemctl enable --quiet "$unit"
    }
    if ! limited 60 systemctl is-active --quiet "$unit"; then
        changed "$unit started"
        limited 180 systemctl start "$unit"
    elif [ -n "$action" ]; then
        changed "$unit $action"
        limited 180 systemctl "$action" "$unit"
    fi
}
