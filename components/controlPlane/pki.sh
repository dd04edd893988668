# The cluster's identity, made once on the first control plane: certificate authorities, service-account keys, the key for
# Secrets at rest, etcd's token, the list of founding members. Later runs print the same again, with a fresh token for
# hosts that join. Needs steps.sh; prints a secret.
umask 077
mkdir -p /etc/kubernetes/quorate
cd /etc/kubernetes

if [ ! -e pki/ca.key ]; then
    [ ! -e kubelet.conf ] || refuse "this host is a node without the cluster's CA key; put a control plane that has it first in hosts"
    for authority in ca front-proxy-ca etcd-ca sa; do
        kubeadm init phase certs "$authority" --config quorate/cluster.yaml
    done
fi

if [ ! -e quorate/encryption.yaml ]; then
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

if [ -e quorate/formed ]; then
    # Hosts that join learn of etcd's members from etcd itself.
    founding=none
    etcd_token=none
    token=$(kubeadm token create --kubeconfig admin.conf --ttl 2h --description "hosts joining by pulumi up")
else
    [ -s quorate/etcd-token ] || make_etcd_token >quorate/etcd-token
    [ -s quorate/founding ] || printf '%s' "$members" >quorate/founding
    [ -s quorate/token ] || printf '%s.%s' "$(openssl rand -hex 3)" "$(openssl rand -hex 8)" >quorate/token
    etcd_token=$(cat quorate/etcd-token)
    founding=$(cat quorate/founding)
    token=$(cat quorate/token)
fi

ca_hash=$(openssl x509 -in pki/ca.crt -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum | cut -d' ' -f1)
identity=$(tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf - \
    pki/ca.crt pki/ca.key pki/front-proxy-ca.crt pki/front-proxy-ca.key pki/sa.key pki/sa.pub \
    pki/etcd/ca.crt pki/etcd/ca.key quorate/encryption.yaml | gzip -n9 | base64 -w0)
printf 'founding %s\netcd-token %s\ntoken %s\nca-hash sha256:%s\nauthority %s\nidentity %s\n' \
    "$founding" "$etcd_token" "$token" "$ca_hash" "$(base64 -w0 <pki/ca.crt)" "$identity" >&3
