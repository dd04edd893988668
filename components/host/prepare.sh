# Second step on every host, once it carries the cluster's mark: lays the ground. Needs steps.sh; settings from hostScript.

# --- packages ---
# missing_packages: those that nothing on this host provides, under whatever name (iptables comes as iptables-nft, too).
missing_packages() {
    local package
    for package in "${packages[@]}"; do
        if command -v dpkg-query >/dev/null; then
            timeout 60 dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || echo "$package"
        else
            timeout 60 rpm -q --whatprovides "$package" >/dev/null 2>&1 || echo "$package"
        fi
    done
}

apt() { DEBIAN_FRONTEND=noninteractive timeout --kill-after=10 "$1" apt-get -q -o DPkg::Lock::Timeout=300 "${@:2}"; }

# install PACKAGES: one repository that cannot be reached does not matter, when the others have what is needed.
install() {
    if command -v apt-get >/dev/null; then
        apt 300 update || echo "apt-get update failed; trying with what is known"
        apt 1800 -y --no-install-recommends install "$@"
    elif command -v dnf >/dev/null; then
        timeout --kill-after=10 1800 dnf -q -y --setopt='*.skip_if_unavailable=True' install "$@"
    else
        echo "neither apt-get nor dnf is here"
    fi
}

ensure_packages() {
    local missing said left
    mapfile -t missing < <(missing_packages)
    [ ${#missing[@]} -gt 0 ] || return 0
    changed "packages ${missing[*]}"
    said=$(with_proxy install "${missing[@]}" 2>&1) || true
    printf '%s\n' "$said"
    mapfile -t left < <(missing_packages)
    [ ${#left[@]} = 0 ] || refuse "missing packages: ${left[*]}; they could not be installed. Make a repository reachable that has them. The installation said:
$(printf '%s\n' "$said" | tail -n 8)"
}
ensure_packages

if [ "$role" = load-balancer ]; then
    version=$(timeout 10 haproxy -v | sed -n '1s/.*version \([0-9.]*\).*/\1/p')
    printf '%s\n' "$oldest_haproxy" "${version:-0}" | sort -V -C ||
        refuse "HAProxy ${version:-of an unknown version} is installed; $oldest_haproxy or newer is needed: add a repository that has one"
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
    timeout 60 apt-mark hold "${held[@]}" >/dev/null 2>&1 || true
fi

for module in "${modules[@]}"; do
    timeout 30 modprobe "$module" 2>/dev/null || true
done

# Settings that a host's kernel or container does not offer are left out, and said so in the log.
while read -r key _ value; do
    [ -w "/proc/sys/${key//.//}" ] && { timeout 10 sysctl -qw "$key=$value" || echo "could not set $key"; } || echo "no $key here"
done <"$sysctl_file"
