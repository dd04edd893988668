# Labels and taints of all nodes; what quorate set before and no longer wants goes, what others set stays. Needs steps.sh.
export KUBECONFIG=/etc/kubernetes/admin.conf

# A line for each node: its name, the taints that quorate set last, the taints it has.
describe_nodes() {
    kubectl get "${names[@]/#/node/}" -o 'jsonpath={range .items[*]}{.metadata.name}|{.metadata.annotations.quorate\.dev/taints}|{range .spec.taints[*]}{.key}={.value}:{.effect} {end}{"\n"}{end}'
}
described=$(mktemp)
all_registered() { describe_nodes >"$described"; }
wait_for 180 "the nodes ${names[*]} to register" all_registered

while IFS='|' read -r name before present; do
    wanted=$(sed -n "s/^$name //p" "$taints_file")
    for taint in $before; do
        [[ " $wanted " == *" $taint "* ]] || kubectl taint node "$name" "${taint%%[=:]*}:${taint##*:}-" || true
    done
    for taint in $wanted; do
        [[ " $present " == *" $taint "* ]] || wait_for 60 "$name to take the taint $taint" kubectl taint node "$name" "$taint" --overwrite
    done
done <"$described"
rm -f "$described"
wait_for 60 "the nodes to take their labels" kubectl apply --server-side --force-conflicts --field-manager=quorate -f "$labels_file"
