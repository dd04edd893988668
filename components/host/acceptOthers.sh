# What somebody else has on this host. Part of accept.sh.

# real PATH: where it lies behind links.
real() { readlink -f "$1" || printf '%s' "$1"; }

# listed FILES: names of those that exist, in one line.
listed() {
    local file found=()
    for file in "$@"; do ! is_there "$file" || found+=("${file##*/}"); done
    printf '%s' "${found[*]}"
}

# is_there PATH: also a link that leads nowhere.
is_there() { [ -e "$1" ] || [ -L "$1" ]; }

# found_in FOLDER CONDITIONS: what is in it by the conditions of find, the first three, in one line.
found_in() {
    local folder found
    folder=$(real "$1")
    [ -d "$folder" ] || return 0
    mapfile -n 4 -t found < <(find "$folder/" -mindepth 1 "${@:2}" -printf '%P\n')
    [ ${#found[@]} -lt 4 ] || found[3]="and more"
    printf '%s' "${found[*]}"
}

look_for_others() {
    look_for_a_node
    look_for_data
    look_for_containers
    look_for_ports
    [ "$role" != load-balancer ] || look_for_a_balancer
}

look_for_a_node() {
    local found server file
    if is_there /etc/kubernetes/kubelet.conf; then
        server=$(sed -n '/^ *server: /{s/^ *server: *//p;q}' /etc/kubernetes/kubelet.conf 2>/dev/null) || server=
        object "/etc/kubernetes/kubelet.conf is there: it is a node of a cluster at ${server:-an unknown address}; take it out there, or correct the address"
    fi
    found=$(listed /etc/kubernetes/manifests/*)
    [ -z "$found" ] || object "/etc/kubernetes/manifests holds $found: kubelet would run them; remove them"
    found=$(listed /etc/kubernetes/pki/ca.key /etc/kubernetes/pki/ca.crt)
    [ -z "$found" ] || object "/etc/kubernetes/pki holds $found of another cluster; move them away"
    found=
    for file in /etc/cni/net.d/*.conflist /etc/cni/net.d/*.conf /etc/cni/net.d/*.json; do
        [ ! -e "$file" ] || [ "${file##*/}" = 10-quorate.conflist ] || found+=" ${file##*/}"
    done
    [ -z "$found" ] || [ "$role" = load-balancer ] || object "/etc/cni/net.d holds$found: pods would get a network that is not the cluster's; move it away"
}

# Everything that a reset deletes with its folder, but for what look_for_a_node has named. Not what is in /var/lib/containerd,
# unless that is a link: sites prepare images there, and containers that run are objected to.
look_for_data() {
    local kubernetes data other found
    kubernetes=$(real /etc/kubernetes)
    found=$(found_in "$kubernetes" ! -type d ! -path "$kubernetes/kubelet.conf" ! -path "$kubernetes/manifests/[!.]*" \
        ! -path "$kubernetes/pki/ca.key" ! -path "$kubernetes/pki/ca.crt")
    [ -z "$found" ] || object "/etc/kubernetes holds $found: it would be used and emptied as the cluster's own; move that away"
    data=$(real /var/lib/etcd)
    ! is_there "$data/member" || object "$data/member is there: data of an etcd that is not this cluster's; move it away"
    for data in /var/lib/etcd /var/lib/kubelet /var/lib/containerd; do
        other=(-maxdepth 1 ! -name lost+found)
        [ "$data" != /var/lib/etcd ] || other+=(! -name member)
        found=$(found_in "$data" "${other[@]}")
        if [ -z "$found" ]; then
            continue
        elif [ -L "$data" ]; then
            object "$data is a link to $(real "$data"), which holds $found: the folder would be used and emptied as the cluster's own; link to an empty one"
        elif [ "$data" != /var/lib/containerd ]; then
            object "$data holds $found: it would be used and emptied as the cluster's own; move that away"
        fi
    done
}

# Processes by the beginning of their name, which the kernel cuts at 15 characters.
look_for_containers() {
    local found
    found=$(ps -eo comm= | awk -v wanted="${foreign_programs[*]}" '
        BEGIN { count = split(wanted, names, " ") }
        { for (i = 1; i <= count; i++) if (index($1, names[i]) == 1) running[names[i]]++ }
        END { for (i = 1; i <= count; i++) if (running[names[i]]) printf "%s%s (%d)", n++ ? ", " : "", names[i], running[names[i]] }')
    [ -z "$found" ] || object "somebody's programs run here: $found; stop them and see that they do not come back, or correct the address"
}

look_for_ports() {
    local port program
    while read -r port program; do
        object "port $port is taken by $program; stop it, a $role listens there"
    done < <(ss -Hltnp | awk -v wanted=" ${ports[*]} " '{
        port = $4
        sub(/.*:/, "", port)
        if (!index(wanted, " " port " ") || port in seen) next
        seen[port] = 1
        name = "a program"
        if (match($0, /\(\("[^"]*"/)) name = substr($0, RSTART + 3, RLENGTH - 4)
        print port, name
    }')
}

# An HAProxy that serves somebody. Some packages start it without anything to serve: that one listens nowhere.
look_for_a_balancer() {
    local served
    served=$(ss -Hltnp | awk -v ours=" ${ports[*]} " '/\(\("haproxy"/ {
        port = $4
        sub(/.*:/, "", port)
        if (index(ours, " " port " ") || port in seen) next
        seen[port] = 1
        printf "%s%s", n++ ? " " : "", port
    }')
    [ -z "$served" ] || object "HAProxy serves somebody here, on $served: its configuration would be replaced; move that elsewhere and stop it, or correct the address"
}
