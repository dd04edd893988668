# Puts programs into place by checksum. Needs steps.sh.
case $(uname -m) in
    x86_64) arch=amd64 ;;
    aarch64) arch=arm64 ;;
    *) refuse "machine $(uname -m) is not supported; amd64 and arm64 are" ;;
esac

sha256_of() { sha256sum "$1" | cut -d' ' -f1; }

# install_program SOURCE DESTINATION: atomic; refuses to exchange a program under a running node.
install_program() {
    local staged
    if [ -e "$2" ] && [ -e /etc/kubernetes/kubelet.conf ]; then
        refuse "$2 of this node is another version than configured, or damaged (sha256 $(sha256_of "$2"), expected $(sha256_of "$1")); put the configured one there, or run: quorate upgrade"
    fi
    staged=$(staged_beside "$2")
    mkdir -p "${2%/*}"
    install -m 0755 "$1" "$staged" || refuse "could not write $staged; see whether the disk is full: df ${2%/*}"
    put_staged "$2"
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
# What runs that broke off have left, and what older versions unpacked in place.
rm -rf "$cache"/*.part "$cache"/*.members

# download NAME URL SHA256_AMD64 SHA256_ARM64: into the cache by checksum; sets $artifact for `place`. A download that comes
# to a standstill for a minute is tried again, like one that breaks off.
download() {
    local expected=$3 url=${2//\$arch/$arch} found
    [ "$arch" = amd64 ] || expected=$4
    artifact=$cache/$expected
    if [ -e "$artifact" ] && [ "$(sha256_of "$artifact")" = "$expected" ]; then return; fi
    mkdir -p "$cache"
    with_proxy limited 3600 curl --fail --silent --show-error --location --retry 5 --retry-connrefused --connect-timeout 15 \
        --speed-limit 1000 --speed-time 60 --output "$artifact.part" "$url" ||
        refuse "could not download $1 from $url; check the network, or use artifacts.source mirror or bundle"
    found=$(sha256_of "$artifact.part")
    if [ "$found" != "$expected" ]; then
        rm -f "$artifact.part"
        refuse "$1 from $url has sha256 $found, expected $expected; nothing was installed"
    fi
    sync -d "$artifact.part"
    rm -rf "$artifact.unpacked"
    mv -f "$artifact.part" "$artifact"
}

# place DESTINATION [MEMBER]: the cached artifact, or a member of it when it is an archive.
place() {
    local source=$artifact
    if [ -n "${2:-}" ]; then
        source=$artifact.unpacked/${2//\$arch/$arch}
        [ -e "$source" ] || unpack "${2//\$arch/$arch}"
    fi
    cmp -s "$source" "$1" || install_program "$source" "$1"
}

# unpack MEMBER: of the cached artifact, elsewhere first: what stands below .unpacked is whole.
unpack() {
    local aside=$artifact.part
    mkdir -p "$aside" "$artifact.unpacked"
    limited 600 tar -xzf "$artifact" -C "$aside" "$1" ||
        refuse "could not unpack $1 from $artifact; see whether the disk is full: df $cache"
    sync -d "$aside/$1"
    mkdir -p "$(dirname "$artifact.unpacked/$1")"
    mv -f "$aside/$1" "$artifact.unpacked/$1"
    rm -rf "$aside"
}
