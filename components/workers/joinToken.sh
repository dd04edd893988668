# Makes a token for the workers of this run of the program; withdrawTokens.sh takes it back when they have joined. When
# that never happens, it ends by itself. A worker that is still downloading two hours after the cluster was formed comes too
# late; it has the downloads then, and joins in the next run. Needs steps.sh, secrets.sh; prints a secret.
make_token() {
    timeout --kill-after=5 20 kubeadm token create --kubeconfig /etc/kubernetes/admin.conf --ttl 2h --description "$purpose" | keep token
}

token=none
if [ -n "$run" ]; then
    open_private
    wait_for 60 "a token for workers" make_token
    token=$(<"$private/token")
fi
printf 'token %s\n' "$token" >&3
