# Applies the add-ons that every node needs; server-side, so that fields of other owners stay. Needs steps.sh.
export KUBECONFIG=/etc/kubernetes/admin.conf
applied=$(kubectl apply --server-side --force-conflicts --field-manager=quorate -f "$manifest")
printf '%s\n' "$applied"
