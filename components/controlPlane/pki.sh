# The cluster's identity, made once on the first control plane: certificate authorities, service-account keys, the key for
# Secrets at rest, etcd's token, the list of founding members. Later runs print the same again. Needs steps.sh; prints a secret.
umask 077
mkdir -p /etc/kubernetes/quorate
cd /etc/kubernetes

# An API server numbers every answer for its audit log, also when it refuses.
serves_kubernetes() {
    local headers
    headers=$(curl --silent --insecure --connect-timeout 1 --max-time 3 --output /dev/null --dump-header - "https://$1:6443/readyz") || :
    grep -qi '^audit-id:' <<<"$headers"
}

# may_be_made WHAT: refuses to make a part of an identity where a cluster has one already.
may_be_made() {
    local other
    [ -z "${asked:-}" ] || return 0
    asked=1
    [ ! -e kubelet.conf ] && [ ! -e quorate/formed ] || refuse "this host is a node without the cluster's $1; put a control plane that has it first in hosts"
    for other in "${others[@]}"; do
        serves_kubernetes "$other" || continue
        refuse "this host has no $1, but $other serves a cluster already, which another identity would break; put a control plane that is a member first in hosts, or reset the hosts of a cluster that is given up"
    done
}

# make_keys PHASE FILE FILE: one of kubeadm's pairs, by its own files: a founding may have broken off after any of them.
make_keys() {
    local making=quorate/making-$1 file
    if [ -e "$making" ]; then
        # Half a pair, which nobody has been given yet.
        rm -f "$2" "$3"
    elif [ -s "$2" ] && [ -s "$3" ]; then
        return
    elif [ -e "$2" ] || [ -e "$3" ]; then
        refuse "of /etc/kubernetes/$2 and /etc/kubernetes/$3 one is missing or empty, and this step did not begin them; bring it back, or remove the other on a host that is in no cluster"
    fi
    may_be_made "$3"
    : >"$making"
    limited 60 kubeadm init phase certs "$1" --config quorate/cluster.yaml
    rm -f "$making"
}
make_keys ca pki/ca.crt pki/ca.key
make_keys front-proxy-ca pki/front-proxy-ca.crt pki/front-proxy-ca.key
make_keys etcd-ca pki/etcd/ca.crt pki/etcd/ca.key
make_keys sa pki/sa.pub pki/sa.key

if [ ! -e quorate/encryption.yaml ]; then
    may_be_made quorate/encryption.yaml
    put_file 0600 /etc/kubernetes/quorate/encryption.yaml <<CONF
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources: [secrets]
    providers:
      - secretbox:
          keys:
            - name: founding
              secret: $(head -c 32 /dev/urandom | base64 -w0)
      - identity: {}
CONF
fi

# A token for each creation: a stray member of an earlier cluster of that name is refused (TRAPS 5). A founding that an
# older quorate began goes on with the token that its first members run with.
make_etcd_token() {
    [ ! -s quorate/founding ] || { printf 'quorate-%s' "$cluster"; return; }
    printf 'quorate-%s-%s' "$cluster" "$(openssl rand -hex 8)"
}

# Hosts that join a formed cluster learn of etcd's members from etcd itself.
founding=none
etcd_token=none
if [ ! -e quorate/formed ]; then
    [ -s quorate/etcd-token ] || make_etcd_token | put_file 0600 /etc/kubernetes/quorate/etcd-token
    [ -s quorate/founding ] || printf '%s' "$members" | put_file 0600 /etc/kubernetes/quorate/founding
    founding=$(<quorate/founding)
    etcd_token=$(<quorate/etcd-token)
fi

ca_hash=$(openssl x509 -in pki/ca.crt -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum | cut -d' ' -f1)
identity=$(limited 60 tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf - \
    pki/ca.crt pki/ca.key pki/front-proxy-ca.crt pki/front-proxy-ca.key pki/sa.key pki/sa.pub \
    pki/etcd/ca.crt pki/etcd/ca.key quorate/encryption.yaml | gzip -n9 | base64 -w0)
printf 'founding %s\netcd-token %s\nca-hash sha256:%s\nauthority %s\nidentity %s\n' \
    "$founding" "$etcd_token" "$ca_hash" "$(base64 -w0 <pki/ca.crt)" "$identity" >&3
