# The certificate that this API server shows. Needs steps.sh, secrets.sh.
serving=/etc/kubernetes/pki/apiserver

# lacks_a_name: whether clients may dial a name or an address that is not in it: a balancer that was added later, for example.
lacks_a_name() {
    local name kind
    for name in "${certificate_names[@]}"; do
        kind=-checkhost
        [[ $name =~ ^[0-9.]+$|: ]] && kind=-checkip
        openssl x509 -in $serving.crt -noout "$kind" "$name" | grep 'does match' >/dev/null || return 0
    done
    return 1
}

# renew_serving_certificate: kubeadm keeps one that it finds, so another one is made aside. The API server reads it again by
# itself; a turn that breaks off between key and certificate leaves a certificate that lacks the name still.
renew_serving_certificate() {
    local made=$private/pki file
    [ -e $serving.crt ] && lacks_a_name || return 0
    changed "certificate of the API server"
    mkdir -p -m 0700 "$made"
    cp -p /etc/kubernetes/pki/ca.crt /etc/kubernetes/pki/ca.key "$made"
    awk -v folder="$made" '{ print } /^controlPlaneEndpoint:/ { print "certificatesDir: " folder }' \
        /etc/kubernetes/quorate/cluster.yaml | keep cluster.yaml
    limited 60 kubeadm init phase certs apiserver --config "$private/cluster.yaml"
    for file in key crt; do
        (umask 077; cp "$made/apiserver.$file" "$serving.$file.new")
        sync -d "$serving.$file.new"
        mv -f "$serving.$file.new" "$serving.$file"
    done
    wait_for 150 "the API server to show its new certificate" shows_its_certificate
}
shows_its_certificate() {
    local shown
    shown=$(openssl s_client -connect "$address:6443" </dev/null 2>/dev/null | openssl x509 -noout -serial) || { echo "it shows none"; return 1; }
    [ "$shown" = "$(openssl x509 -in $serving.crt -noout -serial)" ] || { echo "it shows $shown"; return 1; }
}
