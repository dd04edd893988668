# First step on every host: refuses what cannot work, then lays the ground. Needs steps.sh; settings from hostScript.
[ "$(id -u)" = 0 ] || refuse "not root; give ssh.user root, or a user with passwordless sudo"
[ -d /run/systemd/system ] || refuse "systemd does not run here; quorate manages hosts with systemd"

# --- packages ---
ensure_packages() {
    local package missing=()
    for package in "$@"; do
        if command -v dpkg-query >/dev/null; then
            dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
        else
            rpm -q "$package" >/dev/null 2>&1 || missing+=("$package")
        fi
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if command -v apt-get >/dev/null; then
        DEBIAN_FRONTEND=noninteractive with_proxy apt-get -q -o DPkg::Lock::Timeout=300 update
        DEBIAN_FRONTEND=noninteractive with_proxy apt-get -q -y -o DPkg::Lock::Timeout=300 --no-install-recommends install "${missing[@]}"
    elif command -v dnf >/dev/null; then
        with_proxy dnf -q -y install "${missing[@]}"
    else
        refuse "missing packages ${missing[*]}, and neither apt-get nor dnf is here; install them"
    fi
    changed "packages ${missing[*]}"
}
ensure_packages "${packages[@]}"

# --- preflight: only while the host is not yet part of a cluster ---
if [ ! -e /etc/kubernetes/kubelet.conf ] && [ ! -e /etc/haproxy/quorate ]; then
    for port in "${ports[@]}"; do
        if ss -Hltn "sport = :$port" | grep -q .; then
            refuse "port $port is taken by $(ss -Hltnp "sport = :$port" | sed 's/.*users:(("\([^"]*\).*/\1/' | head -n1); stop it, $role needs the port"
        fi
    done
    free_mib=$(($(stat -f -c '%a * %S' /var/lib) / 1048576))
    [ "$free_mib" -ge "$needed_mib" ] || refuse "/var/lib has $free_mib MiB free; a $role needs $needed_mib MiB"
fi

if [ "$role" != load-balancer ]; then
    if [ "$(stat -f -c %T /sys/fs/cgroup)" != cgroup2fs ] && [ "$allow_cgroup_v1" != true ]; then
        refuse "this host runs cgroup v1, which Kubernetes no longer accepts; boot it with cgroup v2, or write kubelet.allowCgroupV1: true"
    fi
fi

if [ "$role" = control-plane ]; then
    # etcd wants its log on disk within 10 ms (TRAPS 9); a slower disk is said, not refused.
    mkdir -p /var/lib/etcd && chmod 0700 /var/lib/etcd
    sync_ms=$(TIMEFORMAT=%R; { time dd if=/dev/zero of=/var/lib/etcd/.sync-test bs=2300 count=50 oflag=dsync 2>/dev/null; } 2>&1 | awk '{ printf "%d", $1 * 1000 / 50 }')
    rm -f /var/lib/etcd/.sync-test
    [ "$sync_ms" -le 10 ] || echo "$(hostname): warning: a synchronous write takes $sync_ms ms here, etcd wants 10 ms or less; use a faster disk" >&4
fi

# --- quiet ground: no surprise reboots or upgrades under a running cluster (TRAPS 44) ---
if [ -d /etc/apt/apt.conf.d ]; then
    put_file 0644 /etc/apt/apt.conf.d/99quorate <<'CONF'
// quorate reboots this host itself, in order; packages it relies on wait for it.
Unattended-Upgrade::Automatic-Reboot "false";
CONF
    apt-mark hold "${held[@]}" >/dev/null 2>&1 || true
fi

for module in "${modules[@]}"; do
    modprobe "$module" 2>/dev/null || true
done

# Settings that a host's kernel or container does not offer are left out, and said so in the log.
while read -r key _ value; do
    [ -w "/proc/sys/${key//.//}" ] && { sysctl -qw "$key=$value" || echo "could not set $key"; } || echo "no $key here"
done <"$sysctl_file"
