# Puts the cluster's identity onto a control plane: its authorities and keys, the list of founding members, etcd's token.
# The host that made them has them; a member keeps what it has, which may be newer. Needs steps.sh, secrets.sh; reads secrets.
read_secrets
if [ ! -e /etc/kubernetes/quorate/member ]; then
    [ -n "$identity" ] && [ -n "$founding" ] || refuse "the cluster's identity did not come with this step; run pulumi up again without --target"
    open_private
    unpacked=$private/identity
    mkdir "$unpacked"
    printf '%s' "$identity" | base64 -d | limited 60 tar -xzf - -C "$unpacked"
    if [ -e /etc/kubernetes/pki/ca.crt ] && ! cmp -s "$unpacked/pki/ca.crt" /etc/kubernetes/pki/ca.crt; then
        refuse "this host has the CA of another cluster in /etc/kubernetes/pki; reset it first: /usr/local/lib/quorate/reset"
    fi
    [ "$(date +%s)" -ge "$(date -d "$(openssl x509 -in "$unpacked/pki/ca.crt" -noout -startdate | cut -d= -f2)" +%s)" ] ||
        refuse "this host's clock, $(date -u +%FT%TZ), is before the cluster's CA was made; set the clock (NTP)"
    for file in $(cd "$unpacked" && find . -type f -printf '%P\n' | sort); do put_file 0600 "/etc/kubernetes/$file" <"$unpacked/$file"; done
    printf '%s' "$founding" | put_file 0600 /etc/kubernetes/quorate/founding
    printf '%s' "$etcd_token" | put_file 0600 /etc/kubernetes/quorate/etcd-token
fi
