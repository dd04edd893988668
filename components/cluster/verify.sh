# The end of `up`: what was promised is there. Needs steps.sh.
export KUBECONFIG=/etc/kubernetes/admin.conf
etcd_pki=/etc/kubernetes/pki/etcd
export ETCDCTL_CACERT=$etcd_pki/ca.crt ETCDCTL_CERT=$etcd_pki/healthcheck-client.crt ETCDCTL_KEY=$etcd_pki/healthcheck-client.key

# A host that is about to leave is still a member now; one that should be there and is not, or not yet, is a failure.
voters_in_sync() {
    local members voters name
    members=$(etcdctl --endpoints "$etcd_endpoints" --command-timeout 5s member list) || { echo "$members"; return 1; }
    voters=$(awk -F', ' '$2 == "started" && $6 == "false" { print $3 }' <<<"$members")
    for name in "${etcd_members[@]}"; do
        grep -qxF "$name" <<<"$voters" || { echo "$name is not a voter: $members"; return 1; }
    done
    etcdctl --endpoints "$etcd_endpoints" --command-timeout 5s endpoint health
}

# Every API server is up behind every balancer, by the balancer's own word.
balanced() {
    local balancer server metrics
    for balancer in "${balancers[@]}"; do
        metrics=$(curl --fail --silent --show-error --max-time 3 "http://$balancer:$status_port/metrics" | grep '^haproxy_server_status{proxy="k8s-api"') || { echo "$balancer does not say"; return 1; }
        for server in "${servers[@]}"; do
            grep -qF "server=\"$server\",state=\"UP\"} 1" <<<"$metrics" || { echo "$server is not up behind $balancer"; return 1; }
        done
    done
}

nodes_ready() {
    local ready waiting
    ready='.status.conditions[?(@.type=="Ready")]'
    waiting=$(kubectl --request-timeout=10s get "${names[@]/#/node/}" --no-headers -o "custom-columns=NAME:.metadata.name,READY:$ready.status,WHY:$ready.message" |
        awk '$2 != "True"') || { echo "$waiting"; return 1; }
    [ -z "$waiting" ] || { echo "$waiting"; return 1; }
}

# How many nodes are about to leave and do not answer any more: what should run on them cannot be there.
dead_leavers() {
    kubectl --request-timeout=10s get nodes --no-headers -o 'custom-columns=NAME:.metadata.name,READY:.status.conditions[?(@.type=="Ready")].status' |
        awk -v configured=" ${names[*]} " '$2 != "True" && index(configured, " " $1 " ") == 0 { dead++ } END { print dead + 0 }'
}

# Of the newest generation as many as wanted are there and available, and one at least; a field that is not yet there makes
# a line too short.
deployed() {
    local fields dead
    dead=$(dead_leavers) || { echo "the nodes are not told"; return 1; }
    fields='{.metadata.name} {.metadata.generation} {.status.observedGeneration} {.spec.replicas}{.status.desiredNumberScheduled}'
    fields+=' {.status.updatedReplicas}{.status.updatedNumberScheduled} {.status.availableReplicas}{.status.numberAvailable}'
    kubectl --request-timeout=10s -n kube-system get deployment/coredns daemonset/kube-proxy daemonset/flannel \
        -o "jsonpath={range .items[*]}$fields{\"\\n\"}{end}" |
        awk -v dead="$dead" 'NF { lines++ }
            NF && ($2 != $3 || $4 - $5 > dead || $4 - $6 > dead || $6 < 1) { print "not yet: " $0; waiting = 1 }
            END { exit waiting || lines < 3 }'
}

# A question for the API service's own name, asked as DNS does: header, then the name label by label, type A, class IN.
dns_answers() {
    local reply
    # dd makes one datagram of it; the shell would begin a new one at the byte that looks like a newline.
    reply=$(exec 3<>"/dev/udp/$dns_address/53" && printf '%b' "$dns_question" | dd bs=1k iflag=fullblock status=none >&3 &&
        timeout 2 head -c 4 <&3 | od -An -tx1 | tr -d ' \n')
    [[ $reply == 5152????* && $reply == *0 ]] || { echo "reply: ${reply:-none}"; return 1; }
}

wait_for 120 "all etcd members to be voters in sync" voters_in_sync
wait_for 60 "every API server to be up behind every load balancer" balanced
# Without a pod network of ours nodes become Ready only when the user's own is installed.
if [ "$pod_network" = true ]; then
    wait_for 240 "all nodes to be Ready" nodes_ready
    wait_for 240 "CoreDNS and the DaemonSets to be rolled out" deployed
    wait_for 60 "cluster DNS at $dns_address to answer" dns_answers
fi
