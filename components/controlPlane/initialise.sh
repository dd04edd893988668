# Once, when the API answers through the endpoint: what is kept in the cluster itself. Prints the administrator's
# kubeconfig: a secret. Needs steps.sh, secrets.sh.
cd /etc/kubernetes
endpoint_ready() {
    curl --fail --silent --show-error --max-time 2 --cacert pki/ca.crt "https://$endpoint/readyz"
}

if [ ! -e quorate/formed ]; then
    wait_for 300 "the API to be ready through https://$endpoint" endpoint_ready
    changed "cluster formed"
    open_private
    # kubeadm wants a token and would print one of its own, valid for a day. Nobody joins with this one.
    filled quorate/initialise.yaml "@BOOTSTRAP_TOKEN@=$(openssl rand -hex 3).$(openssl rand -hex 8)" | keep initialise.yaml
    # Every phase but those that write into the cluster; super-admin.conf lets kubeadm grant admin.conf its rights.
    limited 300 kubeadm init --config "$private/initialise.yaml" --skip-phases="$skipped_phases" |
        sed 's/[a-z0-9]\{6\}\.[a-z0-9]\{16\}/(token)/g'
    touch quorate/formed
fi
printf '%s' "$(base64 -w0 <admin.conf)" >&3
