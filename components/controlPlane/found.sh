# Starts a founding control plane, together with all the others; a later one joins in its turn. Needs steps.sh, secrets.sh.
cd /etc/kubernetes/quorate
if [ ! -e member ]; then
    [ -s founding ] || refuse "the cluster's identity is not on this host; run pulumi up again without --target"
    founding=$(<founding)
    case ",$founding," in
        *",$name="*)
            etcd_token=$(cat etcd-token 2>/dev/null) || :
            [ "${etcd_token:-none}" != none ] || refuse "etcd's token did not come with the cluster's identity; run pulumi up again without --target"
            changed "control plane founded"
            mkdir -p /var/log/kubernetes/audit
            chmod 0700 /var/log/kubernetes/audit /var/lib/etcd
            open_private
            filled founding.yaml "@INITIAL_CLUSTER@=$founding" "@ETCD_TOKEN@=$etcd_token" | keep founding.yaml
            with_proxy limited 600 kubeadm init --config "$private/founding.yaml" --skip-phases="$skipped_phases"
            printf '%s\n' "$configuration" >applied
            touch member
            ;;
    esac
fi
