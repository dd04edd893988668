# Loads quorate's own table of the packet filter, now and at every boot. Needs steps.sh.
rules=/usr/local/lib/quorate/firewall.nft
said=$(limited 30 nft -c -f "$rules" 2>&1) || refuse "the packet filter refuses $rules: $said; see whether the kernel has nf_tables: modprobe nf_tables"
if is_changed /etc/systemd/system/quorate-firewall.service; then
    limited 60 systemctl daemon-reload
    # One that is enabled already has links for what its former file said.
    if limited 60 systemctl is-enabled --quiet quorate-firewall.service 2>/dev/null; then limited 60 systemctl enable --quiet quorate-firewall.service; fi
fi
action=
if is_changed "$rules" || ! limited 30 nft list table inet quorate >/dev/null 2>&1; then action=reload; fi
ensure_service quorate-firewall.service "$action"

