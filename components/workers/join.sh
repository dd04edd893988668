# Joins a worker to a cluster that is formed. Needs steps.sh, secrets.sh, joining.sh; reads a token and the CA's certificate.
read_secrets

ask_api() { # ask_api PATH ARGUMENTS...
    curl --silent --show-error --max-time 2 --cacert /etc/kubernetes/pki/ca.crt --header @/dev/fd/9 "${@:2}" "https://$endpoint$1" 9<<<"Authorization: Bearer $token"
}

accepts_joins() {
    local said
    said=$(ask_api /api/v1/namespaces/kube-system/configmaps/kubelet-config --fail --output /dev/null 2>&1) && return
    case $said in *"error: 401"*) said+="; the token has expired, two hours after it was made, or was withdrawn; run pulumi up again" ;; esac
    echo "$said"
    return 1
}

# The node of an earlier installation of this host may be Ready for a minute still, and kubeadm refuses its name as long. No
# other answer than a node, or that there is none, tells anything.
name_is_free() {
    local answer node status
    answer=$(ask_api "/api/v1/nodes/$name?pretty=false" --write-out '\n%{http_code}') || { printf '%s' "$answer"; return 1; }
    status=${answer##*$'\n'}
    node=${answer%$'\n'*}
    case $status in
        404) return 0 ;;
        200) ;;
        *) echo "https://$endpoint answered HTTP $status when asked for node $name: $node"; return 1 ;;
    esac
    ! grep -q '"type":"Ready","status":"True"' <<<"$node" ||
        { echo "node $name is Ready; if it stays so, another machine of this name is in the cluster, and this host needs another name"; return 1; }
}

if [ ! -e /etc/kubernetes/kubelet.conf ]; then
    [ "${token:-none}" != none ] || refuse "no token came with this step; run pulumi up again without --target"
    printf '%s' "$authority" | base64 -d | put_file 0644 /etc/kubernetes/pki/ca.crt
    wait_for 60 "the cluster at https://$endpoint to accept this host" accepts_joins
    wait_for 120 "the name of this host to be free" name_is_free
    changed "worker joined"
    open_private
    join_cluster /etc/kubernetes/pki/ca.crt
fi
# Holds a token when the join broke off.
rm -f /etc/kubernetes/bootstrap-kubelet.conf
