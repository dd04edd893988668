# The last touch on a control plane of a formed cluster: its kubelet rotates its client certificate, as kubelets that joined
# do already, and what only the founding needed goes. Needs steps.sh.
cd /etc/kubernetes
admin_has_rights() { timeout 15 kubectl --kubeconfig admin.conf --request-timeout 10s auth can-i '*' '*' --all-namespaces; }

touch quorate/formed
if grep -q client-certificate-data kubelet.conf; then
    wait_for 180 "the kubelet's own certificate to be issued" test -e /var/lib/kubelet/pki/kubelet-client-current.pem
    changed "kubelet certificate rotation"
    limited 60 kubeadm init phase kubelet-finalize enable-client-cert-rotation --config quorate/cluster.yaml
fi

# Its holder passes every authorization. kubeadm needs it once, to give admin.conf its rights; upgrades and renewals do
# without, as on control planes that joined. A new one: kubeadm init phase kubeconfig super-admin.
if [ -e super-admin.conf ]; then
    wait_for 60 "admin.conf to have its rights" admin_has_rights
    changed "super-admin.conf removed"
    rm -f super-admin.conf
fi
for file in token etcd-token; do
    [ -e "quorate/$file" ] || continue
    changed "$file of the founding removed"
    rm -f "quorate/$file"
done
