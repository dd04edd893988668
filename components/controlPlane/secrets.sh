# Reads what the first control plane handed out. Needs steps.sh.
founding= etcd_token= token= authority= identity=
while read -r key value || [ -n "$key" ]; do
    case $key in
        founding) founding=$value ;;
        etcd-token) etcd_token=$value ;;
        token) token=$value ;;
        authority) authority=$value ;;
        identity) identity=$value ;;
    esac
done

# unpack_identity: the cluster's CAs and keys; a host that has others belongs to another cluster.
unpack_identity() {
    local staged file
    staged=$(mktemp -d)
    printf '%s' "$identity" | base64 -d | tar -xzf - -C "$staged"
    if [ -e /etc/kubernetes/pki/ca.crt ] && ! cmp -s "$staged/pki/ca.crt" /etc/kubernetes/pki/ca.crt; then
        rm -rf "$staged"
        refuse "this host has the CA of another cluster in /etc/kubernetes/pki; reset it first: /usr/local/lib/quorate/reset"
    fi
    [ "$(date +%s)" -ge "$(date -d "$(openssl x509 -in "$staged/pki/ca.crt" -noout -startdate | cut -d= -f2)" +%s)" ] || {
        rm -rf "$staged"
        refuse "this host's clock, $(date -u +%FT%TZ), is before the cluster's CA was made; set the clock (NTP)"
    }
    mkdir -p -m 0755 /etc/kubernetes
    for file in $(cd "$staged" && find . -type f); do
        cmp -s "$staged/$file" "/etc/kubernetes/$file" && continue
        mkdir -p "/etc/kubernetes/$(dirname "$file")"
        install -m 0600 "$staged/$file" "/etc/kubernetes/$file"
        changed "/etc/kubernetes/$file"
    done
    rm -rf "$staged"
}

# write_discovery SERVER: a kubeconfig that finds the cluster with the short-lived token; gone after the join.
write_discovery() {
    (umask 077; cat >/etc/kubernetes/quorate/discovery.conf <<CONF
apiVersion: v1
kind: Config
current-context: join
clusters: [{name: cluster, cluster: {server: "https://$1", certificate-authority-data: $(base64 -w0 <"$2")}}]
users: [{name: joining, user: {token: "$token"}}]
contexts: [{name: join, context: {cluster: cluster, user: joining}}]
CONF
    )
}

# fill_token FILE: the configuration with the token, for the moment of use.
fill_token() {
    (umask 077; sed "s/@BOOTSTRAP_TOKEN@/$token/" "$1" >"$1.filled")
}

# join_cluster: kubeadm join with the token, which is gone again afterwards, also when it fails.
join_cluster() {
    local status=0
    write_discovery "$endpoint" /etc/kubernetes/pki/ca.crt
    fill_token /etc/kubernetes/quorate/join.yaml
    with_proxy kubeadm join --config /etc/kubernetes/quorate/join.yaml.filled --skip-phases=preflight || status=$?
    rm -f /etc/kubernetes/quorate/discovery.conf /etc/kubernetes/quorate/join.yaml.filled
    return $status
}
