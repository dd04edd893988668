# Puts programs into place by checksum. Needs steps.sh.
case $(uname -m) in
    x86_64) arch=amd64 ;;
    aarch64) arch=arm64 ;;
    *) refuse "machine $(uname -m) is not supported; amd64 and arm64 are" ;;
esac

sha256_of() { sha256sum "$1" | cut -d' ' -f1; }

# install_program SOURCE DESTINATION: atomic; refuses to exchange a program under a running node.
install_program() {
    if [ -e "$2" ]; then
        if [ -e /etc/kubernetes/kubelet.conf ]; then
            refuse "$2 of this node is another version than configured; put the old version back, or run: quorate upgrade"
        fi
    fi
    mkdir -p "$(dirname "$2")" /var/lib/quorate
    install -m 0755 "$1" "$2.staged"
    remember_file "$2"
    mv -f "$2.staged" "$2"
    changed "$2"
}

# --- from a bundle ---
check_bundle() {
    [ -f "$bundle/SHA256SUMS" ] || refuse "no $bundle/SHA256SUMS on this host; put the bundle there, or change artifacts"
    local found
    found=$(sha256_of "$bundle/SHA256SUMS")
    [ "$found" = "$bundle_sha256" ] ||
        refuse "$bundle/SHA256SUMS has sha256 $found, configured is $bundle_sha256; put the right bundle there"
}

bundle_sum() { awk -v path="$1" '$2 == path || $2 == "*" path { print $1 }' "$bundle/SHA256SUMS"; }

# verified PATH: refuses a file of the bundle whose content is not what SHA256SUMS says.
verified() {
    local expected found
    expected=$(bundle_sum "$1")
    [ -n "$expected" ] || refuse "$bundle/SHA256SUMS does not list $1; make the bundle anew"
    found=$(sha256_of "$bundle/$1")
    [ "$found" = "$expected" ] || refuse "$bundle/$1 has sha256 $found, SHA256SUMS says $expected; copy the bundle again"
}

from_bundle() {
    if [ -e "$2" ] && [ "$(sha256_of "$2")" = "$(bundle_sum "$1")" ]; then return; fi
    verified "$1"
    install_program "$bundle/$1" "$2"
}

# A bundle may leave runc to the distribution.
place_runc_from_bundle() {
    if [ -n "$(bundle_sum bin/runc)" ]; then from_bundle bin/runc /usr/local/bin/runc; return; fi
    command -v runc >/dev/null || refuse "neither the bundle nor the distribution has runc; install the package runc"
}

# --- from release sites or a mirror ---
cache=/var/cache/quorate/downloads

# download NAME URL SHA256_AMD64 SHA256_ARM64: into the cache by checksum; sets $artifact for `place`.
download() {
    local expected=$3 url=${2//\$arch/$arch} found
    [ "$arch" = amd64 ] || expected=$4
    artifact=$cache/$expected
    [ -e "$artifact" ] && return
    mkdir -p "$cache"
    with_proxy curl --fail --silent --show-error --location --retry 5 --retry-connrefused --connect-timeout 15 --output "$artifact.part" "$url" ||
        refuse "could not download $1 from $url; check the network, or use artifacts.source mirror or bundle"
    found=$(sha256_of "$artifact.part")
    if [ "$found" != "$expected" ]; then
        rm -f "$artifact.part"
        refuse "$1 from $url has sha256 $found, expected $expected; nothing was installed"
    fi
    mv "$artifact.part" "$artifact"
}

# place DESTINATION [MEMBER]: the cached artifact, or a member of it when it is an archive.
place() {
    local source=$artifact
    if [ -n "${2:-}" ]; then
        source=$artifact.members/${2//\$arch/$arch}
        [ -e "$source" ] || { mkdir -p "$artifact.members"; tar -xzf "$artifact" -C "$artifact.members" "${2//\$arch/$arch}"; }
    fi
    cmp -s "$source" "$1" || install_program "$source" "$1"
}
