# What somebody else has on this host. Part of accept.sh.

# real PATH: where it lies behind links.
real() { readlink -f "$1" || printf '%s' "$1"; }

# listed FILES: names of those that exist, in one line.
listed() {
    local file found=()
    for file in "$@"; do [ ! -e "$file" ] || found+=("${file##*/}"); done
    printf '%s' "${found[*]}"
}

look_for_others() {
    look_for_a_node
    look_for_containers
    look_for_ports
    [ "$role" != load-balancer ] || look_for_a_balancer
}

look_for_a_node() {
    local found server data
    if [ -e /etc/kubernetes/kubelet.conf ]; then
        server=$(sed -n '/^ *server: /{s/^ *server: *//p;q}' /etc/kubernetes/kubelet.conf)
        object "/etc/kubernetes/kubelet.conf is there: it is a node of a cluster at ${server:-an unknown address}; take it out there, or correct the address"
    fi
    found=$(listed /etc/kubernetes/manifests/*)
    [ -z "$found" ] || object "/etc/kubernetes/manifests holds $found: kubelet would run them; remove them"
    found=$(listed /etc/kubernetes/pki/ca.key /etc/kubernetes/pki/ca.crt)
    [ -z "$found" ] || object "/etc/kubernetes/pki holds $found of another cluster; move them away"
    data=$(real /var/lib/etcd)
    [ ! -e "$data/member" ] || object "$data/member is there: data of an etcd that is not this cluster's; move it away"
    for data in /var/lib/etcd /var/lib/kubelet /var/lib/containerd; do
        [ -L "$data" ] || continue
        found=$(find "$(real "$data")/" -mindepth 1 -maxdepth 1 ! -name lost+found ! -name member | wc -l)
        [ "$found" = 0 ] || object "$data is a link to $(real "$data"), which holds $found entries: the folder would be used and emptied as the cluster's own; link to an empty one"
    done
    found=
    for data in /etc/cni/net.d/*.conflist /etc/cni/net.d/*.conf /etc/cni/net.d/*.json; do
        [ ! -e "$data" ] || [ "${data##*/}" = 10-quorate.conflist ] || found+=" ${data##*/}"
    done
    [ -z "$found" ] || [ "$role" = load-balancer ] || object "/etc/cni/net.d holds$found: pods would get a network that is not the cluster's; move it away"
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
