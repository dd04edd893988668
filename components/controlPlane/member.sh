# One control plane at a time: joins one that is not a founding member, as a learner that kubeadm promotes when it is in
# sync (TRAPS 1), takes out members that are dead for good (TRAPS 74), and applies changed settings of a member. Needs
# steps.sh, secrets.sh, membership.sh, joining.sh, servingCertificate.sh.
kubernetes=/etc/kubernetes
components=(kube-apiserver kube-controller-manager kube-scheduler)
applying=$kubernetes/quorate/applying
open_private

local_api_ready() {
    curl --fail --silent --show-error --max-time 2 --cacert $kubernetes/pki/ca.crt "https://$address:6443/readyz"
}

# as_admin COMMAND...: kubectl or kubeadm as an administrator of this join only; the cluster's CA is on this host.
as_admin() {
    [ -e "$private/admin.conf" ] || make_admin || return
    timeout --kill-after=5 30 "$@" --kubeconfig "$private/admin.conf"
}

# Whole, or not there: one that is cut short would be used until the turn ends.
make_admin() {
    limited 60 kubeadm kubeconfig user --config $kubernetes/quorate/cluster.yaml --client-name "quorate:$name" --org kubeadm:cluster-admins --validity-period 1h | keep admin.part || return
    mv "$private/admin.part" "$private/admin.conf"
}

# Nothing of etcd is here that could be a member: what is listed for this host is of a join that broke off, or of an earlier
# installation (TRAPS 4). What is here without being listed cannot become a member again.
clear_own_member() {
    local own why=" of this host's earlier installation"
    own=$(members own ".*")
    [ -n "$(members own silent)" ] || why=", left by a broken join,"
    if [ -n "$own" ] && [ -d /var/lib/etcd/member ] && [ -e $kubernetes/manifests/etcd.yaml ]; then return; fi
    [ -z "$own" ] || remove_member "$own" "$why"
    [ -d /var/lib/etcd/member ] || return 0
    changed "data of a member that is none any more removed"
    rm -f $kubernetes/manifests/etcd.yaml
    wait_for 60 "the etcd of a broken join to end" etcd_ended
    rm -rf /var/lib/etcd/member
}
etcd_ended() { ! pgrep -x etcd; }

# A node that this kubelet has not made; kubeadm refuses its name while it counts as Ready, up to a minute after its end.
clear_old_node() {
    local known
    [ ! -e $kubernetes/kubelet.conf ] || return 0
    wait_for 60 "the API to tell of node $name" find_old_node
    known=$(<"$private/node")
    case $known in
        "") return ;;
        "$name $address" | "$name ") ;;
        *) refuse "node $name is at ${known#* }, this host at $address: another machine has the name; give this host another one" ;;
    esac
    changed "node $name of this host's earlier installation deleted"
    as_admin kubectl delete node "$name" --ignore-not-found --wait=false
}
find_old_node() {
    as_admin kubectl get node "$name" --ignore-not-found -o 'jsonpath={.metadata.name} {.status.addresses[?(@.type=="InternalIP")].address}' | keep node
}

make_token() { as_admin kubeadm token create --ttl 30m --description "quorate: $name joins" | keep token; }
forget_token() { as_admin kubeadm token delete "${token%%.*}" || :; }

join() {
    founding=$(cat $kubernetes/quorate/founding 2>/dev/null) || refuse "the cluster's identity is not on this host; run pulumi up again without --target"
    [ "$founding" = none ] || refuse "the cluster is not formed yet and $name is not one of its founding members ($founding); finish the first up without $name, then add it"
    limited 60 kubeadm init phase certs etcd-healthcheck-client --config $kubernetes/quorate/cluster.yaml
    wait_for "$settling" "etcd's members to be whole" others_whole
    changed "control plane joined"
    remove_the_departed
    clear_own_member
    clear_old_node
    wait_for 60 "a token for this join" make_token
    token=$(<"$private/token")
    at_end=forget_token
    join_cluster $kubernetes/pki/ca.crt
    wait_for 180 "this API server to be ready" local_api_ready
    touch $kubernetes/quorate/formed $kubernetes/quorate/member
}

manifest_sum() { sha256sum <"$kubernetes/manifests/$1.yaml" | cut -d' ' -f1; }

# A line for each component, durable before its manifest is written: when, and what it was until then. A turn that broke off
# leaves its lines, so whoever finishes it waits for the same components.
note_manifests() {
    local component
    for component in "${components[@]}"; do printf '%s %s %s\n' "$component" "$(date +%s)" "$(manifest_sum "$component")"; done >>"$applying"
    sync -d "$applying"
}

# was_written COMPONENT: its manifest is not what it was before one of the noted moments.
was_written() { awk -v component="$1" -v now="$(manifest_sum "$1")" '$1 == component && $3 != now { seen = 1 } END { exit !seen }' "$applying"; }

# runs_as_written COMPONENT: when its newest process began, its manifest was what it is now.
runs_as_written() {
    local pid began from
    pid=$(pgrep -n -f "^$1 ") || { echo "$1 does not run"; return 1; }
    began=$(($(date +%s) - $(ps -o etimes= -p "$pid")))
    from=$(awk -v component="$1" -v began="$began" '$1 == component && $2 > began { print $3; exit }' "$applying")
    [ "${from:-$(manifest_sum "$1")}" = "$(manifest_sum "$1")" ] || { echo "$1 still runs as before"; return 1; }
}

apply_settings() {
    local component
    note_manifests
    with_proxy limited 120 kubeadm init phase control-plane all --config $kubernetes/quorate/cluster.yaml
    for component in "${components[@]}"; do
        was_written "$component" || continue
        changed "$component settings"
        wait_for 180 "$component to run with the new settings" runs_as_written "$component"
    done
    renew_serving_certificate
    wait_for 180 "this API server to be ready" local_api_ready
    # What joins and upgrades read; equal on all control planes.
    limited 120 kubeadm init phase upload-config all --config $kubernetes/quorate/cluster.yaml
    printf '%s\n' "$configuration" >$kubernetes/quorate/applied
    rm -f "$applying"
}

if [ ! -e $kubernetes/quorate/member ]; then
    join
elif [ -e $kubernetes/quorate/formed ]; then
    # Without quorum nobody tells who the members are; then there is nothing to take out.
    ! look_at_members || remove_the_departed
fi
# A host that joined has the settings that were uploaded last, which may be older. After a turn that broke off it may have
# settings that nobody wants any more.
if [ -e "$applying" ] || [ "$(cat $kubernetes/quorate/applied 2>/dev/null)" != "$configuration" ]; then apply_settings; fi
