# Shell functions that quorate's steps on this host share. Sourced by bash, as root.
#
# A step prints one line of JSON on its standard output: {"changed":["what it changed", ...]}, empty when it found
# everything in place. Everything else goes to /var/log/quorate/<step>.log, whose end is shown when the step fails.

# begin STEP: takes its turn on this host and starts the log; from here on only `finish` and `refuse` speak to the caller.
# The turn matters after an interrupted `up`: the interrupted step may still run, and this one would trip over it.
begin() {
    step=$1
    caller=$(parent)
    changes=()
    exec 200>/run/quorate.lock
    flock -w 600 200 || { echo "$(hostname): another step of quorate has been running for 10 minutes; see /var/log/quorate" >&2; exit 1; }
    mkdir -p -m 0700 /var/log/quorate
    log=/var/log/quorate/$step.log
    exec 3>&1 4>&2 >>"$log" 2>&1
    printf '\n== %s %s\n' "$(date -u +%FT%TZ)" "$step"
    trap 'explain $?' EXIT
}

explain() {
    [ "$1" = 0 ] || [ -n "${refused:-}" ] && return
    { printf '%s: step %s failed with exit code %s; end of %s:\n' "$(hostname)" "$step" "$1" "$log"; tail -n 25 "$log"; } >&4
}

# refuse MESSAGE: ends the step with a sentence instead of a log.
refuse() {
    refused=1
    printf '%s: %s\n' "$(hostname)" "$1" >&4
    printf 'refused: %s\n' "$1"
    exit 1
}

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

changed() {
    changes+=("$1")
    printf 'changed: %s\n' "$1"
}

# finish: says what was changed.
finish() {
    local list
    list=$(printf '"%s",' "${changes[@]}")
    [ ${#changes[@]} -gt 0 ] || list=,
    printf '{"changed":[%s]}\n' "${list%,}" >&3
}

# put_file MODE PATH: makes PATH hold standard input, atomically, and remembers it for the reset.
put_file() {
    local mode=$1 path=$2 staged
    mkdir -p "$(dirname "$path")" /var/lib/quorate
    staged=$(mktemp "$path.XXXXXX")
    cat >"$staged"
    chmod "$mode" "$staged"
    if [ -f "$path" ] && cmp -s "$staged" "$path" && [ "$(stat -c %a "$path")" = "$(stat -c %a "$staged")" ]; then
        rm -f "$staged"
        return
    fi
    remember_file "$path"
    mv -f "$staged" "$path"
    changed "$path"
}

# remember_file PATH: notes for the reset that PATH is ours, and keeps what stood there before us.
remember_file() {
    grep -qxF "$1" /var/lib/quorate/files 2>/dev/null && return
    if [ -f "$1" ]; then
        mkdir -p "/var/lib/quorate/originals${1%/*}"
        cp -p "$1" "/var/lib/quorate/originals$1"
    fi
    printf '%s\n' "$1" >>/var/lib/quorate/files
}

# is_changed PREFIX: whether this run changed a file whose path starts with PREFIX.
is_changed() {
    local item
    for item in "${changes[@]}"; do [[ $item == "$1"* ]] && return 0; done
    return 1
}

# with_proxy COMMAND...: with the site's proxy, when the step has one (the setting `proxy`); for what comes from outside only.
# Everything else of a step knows no proxy. COMMAND may be a function; it runs in a subshell.
with_proxy() (
    [ -z "${proxy[*]-}" ] || export "${proxy[@]}"
    "$@"
)

# wait_for SECONDS DESCRIPTION COMMAND...: until COMMAND succeeds; its last output is part of the refusal.
wait_for() {
    local deadline=$((SECONDS + $1)) description=$2 seen said=
    shift 2
    until seen=$("$@" 2>&1); do
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
    systemctl is-enabled --quiet "$unit" 2>/dev/null || { systemctl enable --quiet "$unit"; changed "$unit enabled"; }
    if ! systemctl is-active --quiet "$unit"; then
        systemctl start "$unit"
        changed "$unit started"
    elif [ -n "$action" ]; then
        systemctl "$action" "$unit"
        changed "$unit $action"
    fi
}
