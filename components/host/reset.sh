#!/bin/bash
# Takes everything away that quorate put onto this host: services, containers, files, data. Run as root; safe to repeat.
# The cluster must have let go of the host before: members removed, pods drained.
set -u
say() { printf '%s: %s\n' "$(hostname)" "$1"; }

stop_services() {
    systemctl disable --now keepalived haproxy 2>/dev/null
    systemctl disable --now kubelet quorate-cni.path quorate-cni-changed.path 2>/dev/null
    systemctl stop quorate-cni.service 2>/dev/null
}

# Containers first by runtime, then whatever outlived it.
stop_containers() {
    local task
    if command -v ctr >/dev/null && systemctl is-active --quiet containerd; then
        for task in $(ctr -n k8s.io tasks ls -q); do ctr -n k8s.io tasks kill -s KILL -a "$task"; done
        for task in $(ctr -n k8s.io tasks ls -q); do ctr -n k8s.io tasks delete --force "$task"; done
    fi 2>/dev/null
    systemctl disable --now containerd 2>/dev/null
    pkill -KILL -f '^/usr/local/bin/containerd-shim-runc-v2' 2>/dev/null
}

unmount_below() {
    awk -v below="$1/" 'index($2, below) == 1 { print $2 }' /proc/mounts | sort -r | while read -r point; do
        umount "$point" 2>/dev/null || umount -l "$point"
    done
}

# Empties a folder but keeps it: it may be a mount point.
empty() {
    [ -d "$1" ] || return 0
    unmount_below "$1"
    find "$1" -mindepth 1 -maxdepth 1 -exec rm -rf {} +
}

clear_network() {
    local family table link program
    for link in cni0 flannel.1; do ip link delete "$link" 2>/dev/null; done
    [ -z "$pods" ] || ip route flush root "$pods" 2>/dev/null
    nft list tables 2>/dev/null | while read -r _ family table; do
        case $table in kube-proxy | flannel-* | cni_hostport) nft delete table "$family" "$table" ;; esac
    done
    # kubelet and the CNI plugins keep chains in tables that may hold the owner's rules too.
    for program in iptables ip6tables; do
        command -v $program-save >/dev/null && $program-save 2>/dev/null | grep -vE 'KUBE-|CNI-' | $program-restore 2>/dev/null
    done
}

restore_files() {
    local path
    [ -f /var/lib/quorate/files ] || return 0
    while read -r path; do
        if [ -f "/var/lib/quorate/originals$path" ]; then
            cp -p "/var/lib/quorate/originals$path" "$path"
        else
            rm -f "$path"
            case $path in */systemd/system/*.d/*) rmdir "${path%/*}" 2>/dev/null ;; esac
        fi
    done </var/lib/quorate/files
}

release_packages() {
    command -v apt-mark >/dev/null && apt-mark unhold haproxy keepalived containerd kubelet kubeadm kubectl >/dev/null 2>&1
}

pods=$(sed -n 's/^pods=//p' /var/lib/quorate/network 2>/dev/null)
stop_services
stop_containers
clear_network
restore_files
release_packages
for folder in /var/lib/kubelet /var/lib/etcd /var/lib/containerd; do empty "$folder"; done
unmount_below /run/containerd
unmount_below /run/netns
rm -rf /etc/kubernetes /var/lib/cni /run/flannel /run/containerd /etc/haproxy/quorate
rm -f /etc/cni/net.d/10-quorate.conflist
rm -rf /var/log/pods /var/log/containers /var/log/kubernetes /var/cache/quorate /root/.kube/cache
# What is empty now was ours; what is not is the owner's.
rmdir /etc/containerd/conf.d /etc/containerd /etc/cni/net.d /etc/cni /opt/cni/bin /opt/cni 2>/dev/null
systemctl daemon-reload
systemctl reset-failed 2>/dev/null
say "clean"
rm -rf /var/lib/quorate /var/log/quorate /usr/local/lib/quorate
