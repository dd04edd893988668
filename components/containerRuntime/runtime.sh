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
# A restarted containerd leaves its containers running. Its unit and the drop-in with the proxy begin alike.
restart=
if is_changed /etc/containerd/ || is_changed /etc/systemd/system/containerd.service; then restart=restart; fi
ensure_service containerd.service "$restart"
limited 60 systemctl is-enabled --quiet kubelet.service 2>/dev/null || limited 60 systemctl enable --quiet kubelet.service
for unit in "${units[@]}"; do ensure_service "$unit"; done
if is_changed /usr/local/lib/quorate/cni && [ -e /run/flannel/subnet.env ]; then limited 60 systemctl restart quorate-cni.service; fi
wait_for 120 "containerd to answer" ctr version

# has_image REFERENCE [DIGEST]: whether it is here, as this and nothing else.
has_image() {
    limited 60 ctr -n k8s.io images ls "name==$1" | awk -v reference="$1" -v digest="${2:-}" \
        'NR > 1 && $1 == reference && (digest == "" || $3 == digest) { found = 1 } END { exit !found }'
}

import_image() { # import_image NAME REFERENCE
    local archive=$bundle/images/$1.tar expected
    expected=$(awk -v path="images/$1.tar" '$2 == path { print $1 }' "$bundle/SHA256SUMS")
    [ "$(sha256sum <"$archive" | cut -d' ' -f1)" = "$expected" ] ||
        refuse "$archive does not have the sha256 that SHA256SUMS says; copy the bundle again"
    limited 900 ctr -n k8s.io images import --snapshotter overlayfs "$archive"
    has_image "$2" || refuse "$archive does not hold $2; make the bundle for the configured versions"
}

# pull_image REFERENCE DIGEST: by digest, which containerd checks; then it gets the name that manifests use.
pull_image() {
    local repository=${1%:*} source
    source=${registry:+$registry/${repository#*/}}
    source=${source:-$repository}@$2
    limited 1800 ctr -n k8s.io images pull --snapshotter overlayfs "$source"
    limited 60 ctr -n k8s.io images tag --force "$source" "$1"
    has_image "$1" "$2" || refuse "$source was pulled, but $1 is another image; see: ctr -n k8s.io images ls name==$1"
}

for item in "${images[@]}"; do
    read -r name reference digest <<<"$item"
    has_image "$reference" "$digest" && continue
    changed "image $reference"
    if [ -n "$bundle" ]; then import_image "$name" "$reference"; else pull_image "$reference" "$digest"; fi
done
