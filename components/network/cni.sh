#!/bin/bash
# Writes this node's CNI configuration from what flannel was given for it. Run by quorate-cni.service.
set -eu
. /run/flannel/subnet.env

# flannel gives the gateway's address with a prefix; host-local wants the network's.
IFS=./ read -r a b c d prefix <<<"$FLANNEL_SUBNET"
network=$((((a << 24) + (b << 16) + (c << 8) + d) & (0xffffffff << (32 - prefix)) & 0xffffffff))
subnet=$((network >> 24)).$((network >> 16 & 255)).$((network >> 8 & 255)).$((network & 255))/$prefix

target=/etc/cni/net.d/10-quorate.conflist
mkdir -p "${target%/*}"
cat >"$target.staged" <<CONF
{
  "cniVersion": "1.0.0",
  "name": "quorate",
  "plugins": [
    {
      "type": "bridge",
      "bridge": "cni0",
      "isDefaultGateway": true,
      "hairpinMode": true,
      "mtu": ${FLANNEL_MTU},
      "ipMasq": false,
      "ipam": {
        "type": "host-local",
        "ranges": [[{ "subnet": "${subnet}" }]]
      }
    },
    { "type": "portmap", "capabilities": { "portMappings": true } }
  ]
}
CONF
cmp -s "$target.staged" "$target" && rm "$target.staged" || mv "$target.staged" "$target"
