# Withdraws the tokens of workers that have joined. Needs steps.sh.
tokens() {
    timeout --kill-after=5 20 kubectl --kubeconfig /etc/kubernetes/admin.conf --request-timeout 10s --namespace kube-system get secrets \
        --field-selector type=bootstrap.kubernetes.io/token -o 'jsonpath={range .items[*]}{.metadata.name} {.data.description}{"\n"}{end}'
}
withdraw() {
    local found name said
    found=$(tokens) || return 1
    while read -r name said; do
        [ "$(base64 -d <<<"$said")" = "$purpose" ] || continue
        timeout --kill-after=5 20 kubectl --kubeconfig /etc/kubernetes/admin.conf --request-timeout 10s --namespace kube-system delete secret "$name" --ignore-not-found || return 1
    done <<<"$found"
}
[ -z "$run" ] || wait_for 60 "the tokens of workers to be withdrawn" withdraw
