# Takes a host for a cluster, or says everything that speaks against it. Asks only, until nothing does; then it writes one
# file, the mark of ownership, and every other step looks for that. Runs by itself: nothing of quorate's is here yet.
export LC_ALL=C
mark=/var/lib/quorate/owner
objections=()
cautions=()
object() { objections+=("$1"); }
caution() { cautions+=("$1"); }
say() { printf '%s (%s): %s\n' "$name" "$HOSTNAME" "$1" >&2; }

# refuse: ends with all that was found; the host is as it was.
refuse() {
    [ ${#objections[@]} -gt 0 ] || return 0
    say "not taken as $role of cluster $cluster, and nothing was changed here. What speaks against it:"
    printf '  - %s\n' "${objections[@]}" >&2
    exit 1
}

marked() { sed -n "s/^$1=//p" "$mark"; }

# ca_hash: which cluster a node belongs to, in kubeadm's notation; nothing where there is no CA.
ca_hash() {
    [ -e /etc/kubernetes/pki/ca.crt ] || return 0
    openssl x509 -in /etc/kubernetes/pki/ca.crt -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum | sed 's/ .*//; s/^/sha256:/'
}

# is_known: the last up recorded this host, and what is on it belongs to the cluster that was recorded. So hosts of clusters
# come by their mark that a quorate without marks has made.
is_known() {
    local server
    if [ "$role" = load-balancer ]; then
        for server in "${known_servers[@]}"; do
            ! grep -qsF " $server" /etc/haproxy/quorate/haproxy.cfg || return 0
        done
        return 1
    fi
    [ -n "$known_ca" ] && [ "$(ca_hash)" = "$known_ca" ]
}

# taken: the step's answer is the mark, the same each time.
taken() {
    cat "$mark"
    exit 0
}

# take: writes the mark, whole or not at all, and no second run can do it at the same time.
take() {
    (umask 077 && : >>/run/quorate.lock)
    exec 200>>/run/quorate.lock
    flock -w 60 200 || { object "another step of quorate has been running here for a minute; run pulumi up again"; refuse; }
    [ "${1:-}" = anew ] || [ ! -e "$mark" ] || is_ours || { object "somebody else has taken it meanwhile ($(marked cluster)); run pulumi up again"; refuse; }
    mkdir -p /var/lib/quorate
    printf 'cluster=%s\nhost=%s\nfounding=%s\n' "$cluster" "$name" "$founding" >"$mark.new"
    chmod 0644 "$mark.new"
    sync "$mark.new"
    mv -f "$mark.new" "$mark"
    taken
}

is_ours() { [ "$(marked cluster)" = "$cluster" ] && [ "$(marked host)" = "$name" ] && [ "$(marked founding)" = "$founding" ]; }

# whose: ends here when the host is ours already.
whose() {
    local owner host
    if [ ! -e "$mark" ]; then
        ! is_known || take
        return 0
    fi
    ! is_ours || taken
    owner=$(marked cluster)
    host=$(marked host)
    if [ -z "$owner" ]; then
        object "$mark names no cluster; remove it when the host belongs to nobody"
    elif [ "$owner" != "$cluster" ]; then
        object "it belongs to cluster $owner, as host $host ($mark): take it out there first, or correct the address; if that cluster is gone, run /usr/local/lib/quorate/reset on it"
    elif [ "$host" != "$name" ]; then
        object "it is in this cluster already, as $host ($mark): take $host out with a pulumi up of its own before it comes back as $name, or correct the address"
    elif is_known; then
        take anew
    else
        object "it belongs to another cluster of the name $cluster, or an earlier one ($mark says founding=$(marked founding)): correct the address, or take it out there; only when that one is given up, run /usr/local/lib/quorate/reset on it; if the stack has lost its state and this is its host, write founding=$founding there"
    fi
}

# missing_programs: what this and later steps take for granted, and no package of ours brings.
missing_programs() {
    local program
    for program in "${programs[@]}"; do command -v "$program" >/dev/null || printf ' %s' "$program"; done
}

[ "$(id -u)" = 0 ] || object "not root; give ssh.user root, or a user with passwordless sudo"
[ -d /run/systemd/system ] || object "systemd does not run here; quorate manages hosts with systemd"
missing=$(missing_programs)
[ -z "$missing" ] || object "these programs are missing:$missing; install them"
[ -n "$founding" ] || object "the cluster has no id yet; run pulumi up without --target"
# Without these nothing else can be asked.
refuse

whose
look_for_others
look_at_ground
look_at_filters
look_at_peers
refuse
for line in "${cautions[@]}"; do say "warning: $line"; done
take
