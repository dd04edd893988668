# One control plane at a time: joins one that is not a founding member, as a learner that kubeadm promotes when it is in
# sync (TRAPS 1), and applies changed settings of one that is a member. Needs steps.sh, secrets.sh.
export KUBECONFIG=/etc/kubernetes/admin.conf
etcd_pki=/etc/kubernetes/pki/etcd

etcdctl_at() { # etcdctl_at ENDPOINTS ARGUMENTS...
    local endpoints=$1
    shift
    ETCDCTL_CACERT=$etcd_pki/ca.crt ETCDCTL_CERT=$etcd_pki/healthcheck-client.crt ETCDCTL_KEY=$etcd_pki/healthcheck-client.key \
        etcdctl --endpoints "$endpoints" --command-timeout 10s "$@"
}

local_api_ready() {
    curl --fail --silent --show-error --max-time 2 --cacert /etc/kubernetes/pki/ca.crt "https://$address:6443/readyz"
}

# An earlier join that broke off leaves a member that never started, or a learner; both block every further change (TRAPS 4).
remove_own_leftover() {
    local line id peer
    while IFS=, read -r id _ _ peer _; do
        [[ $peer == *"//$address:2380"* ]] || continue
        etcdctl_at "$others" member remove "$id"
        changed "etcd member $id left by a broken join removed"
    done < <(etcdctl_at "$others" member list | tr -d ' ')
}

join() {
    [ "$founding" = none ] || refuse "the cluster is not formed yet and $name is not one of its founding members ($founding); finish the first up without $name, then add it"
    unpack_identity
    kubeadm init phase certs etcd-healthcheck-client --config /etc/kubernetes/quorate/cluster.yaml
    wait_for 60 "etcd at $others to answer" etcdctl_at "$others" endpoint health
    if [ ! -d /var/lib/etcd/member ] || [ ! -e /etc/kubernetes/manifests/etcd.yaml ]; then
        remove_own_leftover
        rm -rf /var/lib/etcd/member
    fi
    join_cluster
    touch /etc/kubernetes/quorate/member /etc/kubernetes/quorate/formed
    changed "control plane joined"
}

# restarted COMPONENT SINCE: its newest process began at SINCE (seconds since 1970) or later.
restarted() {
    local pid
    pid=$(pgrep -n -f "^$1 ") || { echo "$1 does not run"; return 1; }
    [ $(($(date +%s) - $(ps -o etimes= -p "$pid"))) -ge $(($2 - 1)) ] || { echo "$1 still runs as before"; return 1; }
}

apply_settings() {
    local component since before
    since=$(date +%s)
    before=$(sha256sum /etc/kubernetes/manifests/*.yaml)
    with_proxy kubeadm init phase control-plane all --config /etc/kubernetes/quorate/cluster.yaml
    for component in kube-apiserver kube-controller-manager kube-scheduler; do
        grep -qF "$(sha256sum "/etc/kubernetes/manifests/$component.yaml")" <<<"$before" && continue
        wait_for 180 "$component to run with the new settings" restarted "$component" "$since"
        changed "$component settings"
    done
    wait_for 180 "this API server to be ready" local_api_ready
    # What joins and upgrades read; equal on all control planes.
    kubeadm init phase upload-config all --config /etc/kubernetes/quorate/cluster.yaml
    printf '%s\n' "$configuration" >/etc/kubernetes/quorate/applied
}

if [ ! -e /etc/kubernetes/quorate/member ]; then
    join
    wait_for 180 "this API server to be ready" local_api_ready
fi
# A host that joined has the settings that were uploaded last, which may be older.
[ "$(cat /etc/kubernetes/quorate/applied 2>/dev/null)" = "$configuration" ] || apply_settings
