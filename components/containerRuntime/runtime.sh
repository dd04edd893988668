# Starts containerd as this host needs it and makes sure the images are there. Needs steps.sh.
capable() { # capable BIT: whether root holds a capability here
    (((16#$(sed -n 's/^CapEff:\t*//p' /proc/self/status) >> $1) & 1))
}

cgroup_v2=false
[ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ] && cgroup_v2=true
# CAP_SYS_RESOURCE is bit 24; without it nothing may lower oom_score_adj, and no sandbox would start.
keep_oom_score=true
capable 24 && keep_oom_score=false

put_file 0644 /etc/containerd/conf.d/10-host.toml <<CONF
version = 3

[plugins.'io.containerd.cri.v1.runtime']
  restrict_oom_score_adj = $keep_oom_score

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
  SystemdCgroup = $cgroup_v2
CONF

if [ -z "${proxy[*]}" ] && [ -e "$proxy_file" ]; then
    changed "$proxy_file"
    rm "$proxy_file"
fi

if is_changed /etc/systemd/system/; then limited 60 systemctl daemon-reload; fi
# A restarted containerd leaves its containers running.
restart=
if is_changed /etc/containerd/ || is_changed "$proxy_file"; then restart=restart; fi
ensure_service containerd.service "$restart"
limited 60 systemctl is-enabled --quiet kubelet.service 2>/dev/null || limited 60 systemctl enable --quiet kubelet.service
for unit in "${units[@]}"; do ensure_service "$unit"; done
if is_changed /usr/local/lib/quorate/cni && [ -e /run/flannel/subnet.env ]; then limited 60 systemctl restart quorate-cni.service; fi
wait_for 120 "containerd to answer" ctr version

for item in "${images[@]}"; do
    name=${item%% *}
    reference=${item#* }
    limited 60 ctr -n k8s.io images ls -q "name==$reference" | grep -qxF "$reference" && continue
    if [ -n "$bundle" ]; then
        expected=$(awk -v path="images/$name.tar" '$2 == path { print $1 }' "$bundle/SHA256SUMS")
        [ "$(sha256sum <"$bundle/images/$name.tar" | cut -d' ' -f1)" = "$expected" ] ||
            refuse "$bundle/images/$name.tar does not have the sha256 that SHA256SUMS says; copy the bundle again"
        limited 900 ctr -n k8s.io images import --snapshotter overlayfs "$bundle/images/$name.tar"
        limited 60 ctr -n k8s.io images ls -q "name==$reference" | grep -qxF "$reference" ||
            refuse "$bundle/images/$name.tar does not hold $reference; make the bundle for the configured versions"
    else
        # A mirror's image gets the name that manifests use.
        source=$reference
        [ -z "$registry" ] || source=$registry/${reference#*/}
        limited 1800 ctr -n k8s.io images pull --snapshotter overlayfs "$source"
        [ "$source" = "$reference" ] || limited 60 ctr -n k8s.io images tag --force "$source" "$reference"
    fi
    changed "image $reference"
done
