# Applies the add-ons that every node needs; server-side, so that fields of other owners stay. Needs steps.sh.
export KUBECONFIG=/etc/kubernetes/admin.conf
# Nodes join meanwhile: a balancer may take this API server for dead for a moment and cut the connection.
wait_for 120 "the add-ons to be applied" kubectl apply --request-timeout=30s --server-side --force-conflicts --field-manager=quorate -f "$manifest"
