# Joins a host to the cluster with kubeadm. Needs steps.sh, secrets.sh.

# join_cluster AUTHORITY: with the token in $token and the CA's certificate in a file. A join that broke off goes on: once the
# kubelet has its own certificate its node is there, which kubeadm would take for another machine of that name.
join_cluster() {
    local skipped=preflight
    keep discovery.conf <<CONF
apiVersion: v1
kind: Config
current-context: join
clusters: [{name: cluster, cluster: {server: "https://$endpoint", certificate-authority-data: $(base64 -w0 <"$1")}}]
users: [{name: joining, user: {token: "$token"}}]
contexts: [{name: join, context: {cluster: cluster, user: joining}}]
CONF
    filled /etc/kubernetes/quorate/join.yaml "@BOOTSTRAP_TOKEN@=$token" | keep join.yaml
    if [ -e /etc/kubernetes/kubelet.conf ]; then
        skipped+=,kubelet-start
    elif [ -e /etc/kubernetes/bootstrap-kubelet.conf ]; then
        # It may be about to get its certificate with the token of the broken join.
        limited 60 systemctl stop kubelet
    fi
    with_proxy limited 900 kubeadm join --config "$private/join.yaml" --skip-phases="$skipped"
}
