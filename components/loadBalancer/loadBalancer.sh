# Puts HAProxy and keepalived into service; a wrong configuration never reaches a running one. Needs steps.sh.
interface=$(limited 10 ip -o -4 addr show to "$address" | awk '{ print $2; exit }')
[ -n "$interface" ] || refuse "no interface has $address; correct the host's address in the configuration"
filled=$(sed "s/@INTERFACE@/$interface/" /etc/haproxy/quorate/keepalived.conf)
put_file 0640 /etc/haproxy/quorate/keepalived.filled.conf <<<"$filled"

said=$(limited 30 haproxy -c -f /etc/haproxy/quorate/haproxy.cfg 2>&1) || refuse "HAProxy refuses the configuration: $said"
said=$(limited 30 keepalived -t -f /etc/haproxy/quorate/keepalived.filled.conf 2>&1) || refuse "keepalived refuses its configuration: $said"

put_file 0644 /etc/haproxy/haproxy.cfg </etc/haproxy/quorate/haproxy.cfg
put_file 0640 /etc/keepalived/keepalived.conf </etc/haproxy/quorate/keepalived.filled.conf

if is_changed /etc/systemd/system/; then limited 60 systemctl daemon-reload; fi
# A reload keeps established connections on the old process.
action=
is_changed /etc/haproxy/haproxy.cfg && action=reload
ensure_service haproxy.service "$action"
wait_for 60 "HAProxy to answer on its status port" curl --fail --silent --max-time 1 --output /dev/null "http://127.0.0.1:$status_port/healthz"
# keepalived reads all of it anew, and an owner of the address keeps it meanwhile.
action=
is_changed /etc/keepalived/keepalived.conf && action=reload
ensure_service keepalived.service "$action"

# With two balancers one of them must hold the address before the next one is touched.
wait_for 60 "a load balancer to hold $vip" curl --fail --silent --max-time 1 --output /dev/null "http://$vip:$status_port/healthz"
