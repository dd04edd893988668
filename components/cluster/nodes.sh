# Labels and taints of all nodes; what quorate set before and no longer wants goes, what others set stays. Needs steps.sh.
export KUBECONFIG=/etc/kubernetes/admin.conf

# A line for each node: its name, the taints that quorate set last, the taints it has.
describe_nodes() {
    kubectl --request-timeout=10s get "${names[@]/#/node/}" -o 'jsonpath={range .items[*]}{.metadata.name}|{.metadata.annotations.quorate\.dev/taints}|{range .spec.taints[*]}{.key}={.value}:{.effect} {end}{"\n"}{end}'
}
described=/run/quorate-nodes
all_registered() { describe_nodes >"$described"; }
wait_for 180 "the nodes ${names[*]} to register" all_registered

# An answer that got lost on its way leaves nothing to take away the second time.
without_taint() {
    local said
    said=$(kubectl --request-timeout=10s taint node "$1" "${2%%[=:]*}:${2##*:}-" 2>&1) || [[ $said == *'taint "'*'not found'* ]] || { echo "$said"; return 1; }
}

while IFS='|' read -r name before present; do
    wanted=$(sed -n "s/^$name //p" "$taints_file")
    for taint in $before; do
        [[ " $wanted " == *" $taint "* || " $present " != *" $taint "* ]] || wait_for 60 "$name to lose the taint $taint" without_taint "$name" "$taint"
    done
    for taint in $wanted; do
        [[ " $present " == *" $taint "* ]] || wait_for 60 "$name to take the taint $taint" kubectl --request-timeout=10s taint node "$name" "$taint" --overwrite
    done
done <"$described"
rm -f "$described"
wait_for 60 "the nodes to take their labels" kubectl --request-timeout=30s apply --server-side --force-conflicts --field-manager=quorate -f "$labels_file"
