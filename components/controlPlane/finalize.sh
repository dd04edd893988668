# Lets the kubelet of a founding control plane rotate its client certificate; kubelets that joined do it already.
# Needs steps.sh.
touch /etc/kubernetes/quorate/formed
if grep -q client-certificate-data /etc/kubernetes/kubelet.conf; then
    wait_for 180 "the kubelet's own certificate to be issued" test -e /var/lib/kubelet/pki/kubelet-client-current.pem
    kubeadm init phase kubelet-finalize enable-client-cert-rotation --config /etc/kubernetes/quorate/cluster.yaml
    changed "kubelet certificate rotation"
fi
