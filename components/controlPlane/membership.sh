# etcd's members, as those that etcd lists are found, and the removal of one. What is configured is in $control_planes and
# $addresses, this host in $name and $address. Needs steps.sh, secrets.sh and an open private folder.
etcd_pki=/etc/kubernetes/pki/etcd
export ETCDCTL_CACERT=$etcd_pki/ca.crt ETCDCTL_CERT=$etcd_pki/healthcheck-client.crt ETCDCTL_KEY=$etcd_pki/healthcheck-client.key

etcdctl_at() { # etcdctl_at ENDPOINTS ARGUMENTS...
    timeout --kill-after=2 10 etcdctl --endpoints "$1" --dial-timeout 2s --command-timeout 4s "${@:2}"
}

# member_list: etcd's own list, from the first configured control plane that can tell it through consensus; this host last,
# which may be no member yet.
member_list() {
    local other others=() listed said=
    for other in "${addresses[@]}"; do [ "$other" = "$address" ] || others+=("$other"); done
    for other in "${others[@]}" "$address"; do
        if listed=$(etcdctl_at "https://$other:2379" member list 2>"$private/said"); then
            sed 's/, /|/g' <<<"$listed"
            return
        fi
        said+="; $other: $(tail -n 1 "$private/said")"
    done
    echo "no member tells who the members are${said}"
    return 1
}

# label NAME ADDRESS: as messages call a member. One that has never started has no name.
label() {
    local index
    for index in "${!addresses[@]}"; do
        [ "${addresses[index]}" != "$2" ] || { printf '%s (%s)' "${control_planes[index]}" "$2"; return; }
    done
    printf '%s' "${1:+$1 (}$2${1:+)}"
}

# look_at_members: writes a line for each member into the private folder: id|whose|state|vote|label|client URL. Whose: own,
# configured, or departing when its host is not in hosts any more. State: healthy, silent, learner, unstarted.
look_at_members() {
    local id status name peer client learner host whose state vote seen=
    member_list >"$private/listed" || { cat "$private/listed"; return 1; }
    while IFS='|' read -r id status name peer client learner; do
        host=${peer#https://}
        host=${host%%:*}
        case " ${addresses[*]} " in *" $host "*) whose=configured ;; *) whose=departing ;; esac
        [ "$host" != "$address" ] || whose=own
        if [ "$status" = unstarted ]; then state=unstarted
        elif [ "$learner" = true ]; then state=learner
        elif etcdctl_at "${client%%,*}" endpoint health </dev/null >/dev/null 2>&1; then state=healthy
        else state=silent
        fi
        if [ "$learner" = true ]; then vote=none; else vote=voter; fi
        seen+="$id|$whose|$state|$vote|$(label "$name" "$host")|${client%%,*}"$'\n'
    done <"$private/listed"
    printf '%s' "$seen" >"$private/members"
}

# members WHOSE STATES: ids of those that the last look saw so.
members() { awk -F'|' -v whose="$1" -v states="$2" '$2 == whose && $3 ~ "^(" states ")$" { print $1 }' "$private/members"; }

# others_whole: every member but this host's own, and those of hosts that are not configured any more, is a healthy voter.
others_whole() {
    look_at_members || return 1
    awk -F'|' -v name="$name" '
        $2 != "configured" || $3 == "healthy" { next }
        { bad = 1; host = $5; sub(/ .*/, "", host) }
        $3 == "silent" { printf "etcd member %s does not answer: bring it back, or take it out of hosts. ", $5; next }
        { printf "etcd member %s %s: its own turn ends or undoes its broken join, so put %s before %s in hosts, or take it out of hosts. ", $5,
            $3 == "learner" ? "is a learner still" : "was added and has never started", host, name }
        END { exit bad }' "$private/members"
}

# remove_member ID WHY: when the healthy voters that stay are a quorum of the present members, and so of the remaining ones.
remove_member() {
    local who voters healthy needed clients
    who=$(awk -F'|' -v id="$1" '$1 == id { print $5 }' "$private/members")
    voters=$(awk -F'|' '$4 == "voter"' "$private/members" | wc -l)
    healthy=$(awk -F'|' -v id="$1" '$3 == "healthy" && $1 != id' "$private/members" | wc -l)
    needed=$((voters / 2 + 1))
    [ "$healthy" -ge "$needed" ] ||
        refuse "etcd member $who$2 cannot be removed: $healthy of $voters voters stay and answer, quorum needs $needed; bring other members back first"
    clients=$(awk -F'|' -v id="$1" '$3 == "healthy" && $1 != id { print $6 }' "$private/members" | paste -sd,)
    changed "etcd member $who$2 removed"
    etcdctl_at "$clients" member remove "$1"
    look_at_members
}

# remove_the_departed: members of hosts that are not configured any more, when they do not answer for a while. Those that
# answer leave by themselves at the end of this up.
remove_the_departed() {
    local id gone deadline=$((SECONDS + patience))
    gone=$(members departing "silent|learner|unstarted")
    while [ -n "$gone" ] && [ $SECONDS -lt $deadline ]; do
        sleep 1
        look_at_members || return 0
        gone=$(grep -xF "$gone" <<<"$(members departing "silent|learner|unstarted")") || gone=
    done
    for id in $gone; do remove_member "$id" ", gone and not in hosts any more,"; done
}
