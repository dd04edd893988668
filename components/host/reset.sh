#!/bin/bash
# Takes everything away that quorate put onto this host: services, containers, files, data. Run as root: reset [CLUSTER [FOUNDING]].
# The cluster must have let go of the host before: members removed, pods drained.
#
# It touches nothing on a host without the mark of ownership. It works where folders really lie, never through a mount, and
# can be repeated after any interruption: what it needs itself goes last, the mark very last. Data left is a failure.
set -u
mark=/var/lib/quorate/owner
left=()
say() { printf '%s: %s\n' "$HOSTNAME" "$1"; }
fail() { say "$1" >&2; exit 1; }

check_owner() {
    local owner founding
    [ -s "$mark" ] || fail "not reset: there is no $mark, so it is nobody's host or somebody else's; nothing was changed"
    owner=$(sed -n 's/^cluster=//p' "$mark")
    [ -z "${1:-}" ] || [ "$owner" = "$1" ] || fail "not reset: it belongs to cluster $owner, not to $1 ($mark); nothing was changed"
    founding=$(sed -n 's/^founding=//p' "$mark")
    [ -z "${2:-}" ] || [ "$founding" = "$2" ] || fail "not reset: it belongs to a cluster $owner founded as ${founding:-(no id)}, not as $2 ($mark); nothing was changed"
}

# take_turn: that of all steps; the end of the reset gives it back.
take_turn() {
    (umask 077; : >>/run/quorate.lock)
    exec 200>>/run/quorate.lock
    flock -w 240 200 || fail "not reset: another step of quorate has been running here for 4 minutes; see /var/log/quorate, and who holds /run/quorate.lock: lslocks; nothing was changed"
}

# One by one: a unit that is not there must not keep the others running.
stop_services() {
    local unit
    for unit in keepalived haproxy kubelet quorate-cni.path quorate-cni-changed.path quorate-firewall; do
        timeout 60 systemctl disable --now "$unit"
    done
    timeout 30 systemctl stop quorate-cni.service
} 2>/dev/null

# Containers first by runtime, then whatever outlived it.
stop_containers() {
    local task
    if command -v ctr >/dev/null && timeout 20 systemctl is-active --quiet containerd; then
        for task in $(timeout 10 ctr -n k8s.io tasks ls -q); do timeout 10 ctr -n k8s.io tasks kill -s KILL -a "$task"; done
        for task in $(timeout 10 ctr -n k8s.io tasks ls -q); do timeout 10 ctr -n k8s.io tasks delete --force "$task"; done
    fi
    timeout 60 systemctl disable --now containerd
    pkill -KILL -f '^/usr/local/bin/containerd-shim-runc-v2'
    timeout 30 systemctl kill --signal=KILL kubepods.slice
} 2>/dev/null

# mounts_below PREFIX: mounts whose paths begin so, deepest first, and odd characters as \xNN. Fails when nobody can tell.
mounts_below() {
    local all raw point
    all=$(timeout 30 findmnt --raw --noheadings --output TARGET) && [ -n "$all" ] || return 1
    printf '%s\n' "$all" | while read -r raw; do
        printf -v point %b "$raw"
        [[ $point != "$1"* ]] || printf '%s\n' "$raw"
    done | sort -r
}

# unmount_below PREFIX: fails while anything is mounted there, or may be. What is busy, or has lost its server, is let go of
# lazily: it is out of reach of a deletion then as well.
unmount_below() {
    local mounts raw point pass
    for pass in 1 2 3 last; do
        mounts=$(mounts_below "$1") || { left+=("${1%/} (mounts cannot be told)"); return 1; }
        [ -n "$mounts" ] || return 0
        [ $pass != last ] || break
        while read -r raw; do
            printf -v point %b "$raw"
            timeout 5 umount "$point" 2>/dev/null || timeout 5 umount --lazy "$point" 2>/dev/null
        done < <(printf '%s\n' "$mounts")
    done
    left+=("${mounts//$'\n'/, } (still mounted)")
    return 1
}

# empty FOLDER: deletes what is in it, and nothing through a mount: -xdev alone would not stop at one of the same file system.
# The folder stays: it may be a mount point, or a link.
empty() {
    local folder pass
    folder=$(readlink -f "$1") && [ -d "$folder" ] || return 0
    unmount_below "$folder/" || return 1
    # Twice, as a process may just be ending that still writes.
    for pass in 1 2; do find "$folder" -xdev -mindepth 1 -delete && return; done 2>/dev/null
    left+=("$folder")
    return 1
}

# remove FOLDERS
remove() {
    local folder
    for folder in "$@"; do
        empty "$folder" || continue
        if [ -L "$folder" ]; then rm -f "$folder"; else rmdir "$folder" 2>/dev/null; fi
    done
}

clear_network() {
    local family table link program
    for link in cni0 flannel.1; do timeout 10 ip link delete "$link" 2>/dev/null; done
    [ -z "$pods" ] || timeout 10 ip route flush root "$pods" 2>/dev/null
    timeout 30 nft list tables 2>/dev/null | while read -r _ family table; do
        case $table in kube-proxy | flannel-* | cni_hostport | quorate) timeout 30 nft delete table "$family" "$table" ;; esac
    done
    # kubelet and the CNI plugins keep chains in tables that may hold the owner's rules too.
    for program in iptables ip6tables; do
        command -v $program-save >/dev/null && timeout 30 $program-save 2>/dev/null | grep -vE 'KUBE-|CNI-' | timeout 30 $program-restore 2>/dev/null
    done
}

restore_files() {
    local path
    [ -f /var/lib/quorate/files ] || return 0
    while read -r path; do
        case $path in /usr/local/lib/quorate/* | /var/lib/quorate/*) continue ;; esac
        rm -f "${path%/*}/.${path##*/}.quorate"
        if [ -f "/var/lib/quorate/originals$path" ]; then
            cp -p "/var/lib/quorate/originals$path" "$path" || left+=("$path (what stood there before could not be put back)")
        else
            rm -f "$path"
            case $path in */systemd/system/*.d/*) rmdir "${path%/*}" 2>/dev/null ;; esac
        fi
    done </var/lib/quorate/files
}

release_packages() {
    command -v apt-mark >/dev/null && timeout 60 apt-mark unhold haproxy keepalived containerd kubelet kubeadm kubectl >/dev/null 2>&1
}

main() {
    local folder
    check_owner "$@"
    take_turn
    # Whoever had the turn may have been another reset.
    check_owner "$@"
    pods=$(sed -n 's/^pods=//p' /var/lib/quorate/network 2>/dev/null)
    stop_services
    stop_containers
    clear_network
    restore_files
    release_packages
    for folder in /var/lib/kubelet /var/lib/etcd /var/lib/containerd; do empty "$folder"; done
    # Others have named network namespaces, too.
    unmount_below /run/netns/cni-
    remove /etc/kubernetes /var/lib/cni /run/flannel /run/containerd /etc/haproxy/quorate
    rm -f /etc/cni/net.d/10-quorate.conflist
    remove /var/log/pods /var/log/containers /var/log/kubernetes /var/cache/quorate /root/.kube/cache
    # What is empty now was ours; what is not is the owner's.
    rmdir /etc/containerd/conf.d /etc/containerd /etc/cni/net.d /etc/cni /opt/cni/bin /opt/cni 2>/dev/null
    timeout 60 systemctl daemon-reload
    timeout 20 systemctl reset-failed 2>/dev/null
    for folder in /usr/local/lib/quorate /var/lib/quorate; do
        ! folder=$(readlink -f "$folder") || [ ! -d "$folder" ] || unmount_below "$folder/"
    done
    [ ${#left[@]} = 0 ] || fail "not clean, this is left: $(printf '%s; ' "${left[@]}")end what uses it, then run $0 again"
    say "clean"
    remove /var/log/quorate
    find /var/lib/quorate -xdev -mindepth 1 ! -path "$mark" -delete 2>/dev/null
    rm -f /usr/local/lib/quorate/steps.sh
    rm -rf --one-file-system /usr/local/lib/quorate
    rm -rf --one-file-system /var/lib/quorate
}

main "$@"
