# Once, when the API answers through the endpoint: what is kept in the cluster itself. Prints the administrator's
# kubeconfig: a secret. Needs steps.sh, secrets.sh.
cd /etc/kubernetes
endpoint_ready() {
    curl --fail --silent --show-error --max-time 2 --cacert pki/ca.crt "https://$endpoint/readyz"
}

if [ ! -e quorate/formed ]; then
    wait_for 300 "the API to be ready through https://$endpoint" endpoint_ready
    fill_token quorate/initialise.yaml
    # Every phase but those that write into the cluster; super-admin.conf lets kubeadm grant admin.conf its rights.
    # It prints the token, which must not stay in a log.
    kubeadm init --config quorate/initialise.yaml.filled --skip-phases="$skipped_phases" |
        sed 's/[a-z0-9]\{6\}\.[a-z0-9]\{16\}/(token)/g'
    rm -f quorate/initialise.yaml.filled
    touch quorate/formed
    changed "cluster formed"
fi
printf '%s' "$(base64 -w0 <admin.conf)" >&3
