# Starts a founding control plane, together with all the others; a later one only gets the cluster's identity here and
# joins in its turn. Needs steps.sh, secrets.sh.
if [ ! -e /etc/kubernetes/quorate/member ]; then
    unpack_identity
    mkdir -p /var/log/kubernetes/audit
    chmod 0700 /var/log/kubernetes/audit /var/lib/etcd
    case ",$founding," in
        *",$name="*)
            [ -n "$etcd_token" ] || refuse "etcd's token did not come with the cluster's identity; run pulumi up again without --target"
            sed "s|@INITIAL_CLUSTER@|$founding|; s|@ETCD_TOKEN@|$etcd_token|" /etc/kubernetes/quorate/founding.yaml >/etc/kubernetes/quorate/founding.yaml.filled
            with_proxy kubeadm init --config /etc/kubernetes/quorate/founding.yaml.filled --skip-phases="$skipped_phases"
            rm -f /etc/kubernetes/quorate/founding.yaml.filled
            printf '%s\n' "$configuration" >/etc/kubernetes/quorate/applied
            touch /etc/kubernetes/quorate/member
            changed "control plane founded"
            ;;
    esac
fi
