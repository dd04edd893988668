# What the host itself is like. Part of accept.sh.

# at_least VERSION WANTED
at_least() { printf '%s\n' "$2" "$1" | sort -V -C; }

look_at_ground() {
    look_at_space
    look_at_system
    look_at_clock
    if [ "$role" = load-balancer ]; then look_at_haproxy; else look_at_kernel; fi
}

# check_space FOLDER: kubelet evicts pods below 15 % free, or 5 % of the inodes.
check_space() {
    local folder=$1 available blocks size free_inodes inodes
    read -r available blocks size free_inodes inodes < <(stat -f -c '%a %b %S %d %c' "$(real "$folder")")
    [ "$folder" != /var/lib ] || [ $((available * size / 1048576)) -ge "$needed_mib" ] ||
        object "$folder has $((available * size / 1048576)) MiB free; a $role needs $needed_mib MiB"
    [ "$role" != load-balancer ] || return 0
    [ $((available * 100)) -gt $((blocks * 15)) ] ||
        object "$folder is $(((blocks - available) * 100 / blocks)) % full; kubelet evicts pods where less than 15 % is free: make room"
    [ "$inodes" = 0 ] || [ $((free_inodes * 100)) -gt $((inodes * 5)) ] ||
        object "$folder has $free_inodes of $inodes inodes free; kubelet evicts pods where less than 5 % are: make room"
}

look_at_space() {
    local folder filesystem seen=
    for folder in /var/lib /var/lib/etcd /var/lib/kubelet /var/lib/containerd; do
        [ -d "$folder" ] || continue
        filesystem=$(stat -c %d "$(real "$folder")")
        [[ " $seen " != *" $filesystem "* ]] || continue
        seen+=" $filesystem"
        check_space "$folder"
    done
}

look_at_system() {
    if command -v getenforce >/dev/null && [ "$(getenforce)" = Enforcing ]; then
        object "SELinux is enforcing, and quorate's programs have no contexts: write SELINUX=permissive into /etc/selinux/config and run setenforce 0"
    fi
    command -v apt-get >/dev/null || command -v dnf >/dev/null ||
        object "neither apt-get nor dnf is here to install packages"
    [ "$role" != load-balancer ] || return 0
    [ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ] || [ "$allow_cgroup_v1" = true ] ||
        object "it runs cgroup v1, which Kubernetes no longer accepts; boot it with cgroup v2, or write kubelet.allowCgroupV1: true"
}

# Certificates begin now: a clock that is behind refuses them, one that is ahead lets them end early.
look_at_clock() {
    local year
    year=$(date +%Y)
    { [ "$year" -ge "$earliest_year" ] && [ "$year" -lt $((earliest_year + 50)) ]; } ||
        object "its clock says $(date -u +%FT%TZ); set it, and keep it set with chrony or systemd-timesyncd"
    # A container has its machine's clock.
    ! systemd-detect-virt -q --container 2>/dev/null || return 0
    [ "$(timeout 5 timedatectl show -p NTPSynchronized --value 2>/dev/null || true)" != no ] ||
        caution "its clock is not synchronised; keep it set with chrony or systemd-timesyncd"
}

# kube-proxy uses nftables.
look_at_kernel() {
    at_least "$(uname -r)" 5.13 || object "its kernel is $(uname -r); kube-proxy with nftables needs 5.13 or newer"
}

look_at_haproxy() {
    local version
    command -v haproxy >/dev/null || return 0
    version=$(timeout 10 haproxy -v | sed -n '1s/.*version \([0-9.]*\).*/\1/p')
    at_least "${version:-0}" "$oldest_haproxy" || object "its HAProxy is ${version:-of an unknown version}; $oldest_haproxy or newer is needed: remove it, or add a repository that has one"
}

# untrusted COMMAND...: which of the cluster's networks a packet filter does not let in; COMMAND asks for one.
untrusted() {
    local network found=()
    for network in "${networks[@]}"; do "$@" "$network" >/dev/null 2>&1 || found+=("$network"); done
    printf '%s' "${found[*]}"
}

firewalld_trusts() { timeout 20 firewall-cmd --zone=trusted --query-source="$1"; }
ufw_allows() { timeout 20 ufw status | awk -v network="$1" 'index($0, network) && /ALLOW/ { found = 1 } END { exit !found }'; }

look_at_filters() {
    local closed served=
    [ ${#served_ports[@]} = 0 ] || served="; clients of the cluster need ${served_ports[*]} as well"
    if timeout 20 systemctl is-active --quiet firewalld; then
        closed=$(untrusted firewalld_trusts)
        [ -z "$closed" ] || object "firewalld filters here and does not trust $closed: run firewall-cmd --permanent --zone=trusted$(printf ' --add-source=%s' $closed) and firewall-cmd --reload$served; or systemctl disable --now firewalld"
    fi
    if command -v ufw >/dev/null && [[ $(timeout 20 ufw status) == "Status: active"* ]]; then
        closed=$(untrusted ufw_allows)
        [ -z "$closed" ] || object "ufw filters here and does not let $closed in: run$(printf ' ufw allow from %s;' $closed) ufw default allow routed$served; or ufw disable"
    fi
}
