# Whether the hosts that this one cannot do without can be reached. Part of accept.sh.
#
# Nothing listens there yet, so a refused connection is as good as one that opens: both say that packets come through. What
# tells a packet filter is a port that stays silent on a host that answers elsewhere.

# All doors at once, each in a process of its own; those that have said nothing after 2 s say nothing.
knock='
for door in "$@"; do
    {
        said=$({ exec 3<>"/dev/tcp/${door/ //}"; } 2>&1) && said=open
        printf "%s %s\n" "$door" "${said//$'"'\\n'"'/ }"
    } &
done
wait'

# meaning SAID: whether packets come through; what else is known where they do not.
meaning() {
    case $1 in
        open | *refused*) meant=answers ;;
        *route* | *nreachable* | *rohibited*) meant="no route" ;;
        *) meant="no answer within 2 s" ;;
    esac
}

# in_words WORDS: with commas between them.
in_words() { printf '%s, ' "$@" | sed 's/, $//'; }

# The first port of a peer is SSH's: it tells whether the host is there, but nobody else needs it.
look_at_peers() {
    local peer words port address said meant there silent doors=() closed=()
    local -A answers=()
    for peer in "${peers[@]}"; do
        words=($peer)
        for port in "${words[@]:2}"; do doors+=("${words[1]} $port"); done
    done
    while read -r address port said; do
        answers["$address $port"]=$said
    done < <(timeout 2 bash -c "$knock" knock "${doors[@]}" </dev/null 2>/dev/null)
    for peer in "${peers[@]}"; do
        words=($peer)
        there=
        silent=()
        for port in "${words[@]:2}"; do
            meaning "${answers["${words[1]} $port"]:-}"
            if [ "$meant" = answers ]; then
                there=1
            elif [ "$port" != "${words[2]}" ]; then
                silent+=("$port ($meant)")
            fi
        done
        if [ -z "$there" ]; then
            closed+=("${words[0]} (${words[1]})")
        elif [ ${#silent[@]} -gt 0 ]; then
            object "${words[0]} (${words[1]}) is there, but does not answer on $(in_words "${silent[@]}"): a packet filter on it or on the way drops that; open these ports between the hosts"
        fi
    done
    [ ${#closed[@]} = 0 ] ||
        caution "no answer on any port from $(in_words "${closed[@]}"): off, still booting, or behind a packet filter; ports to them were not checked"
}
