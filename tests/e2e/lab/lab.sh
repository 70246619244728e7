#!/usr/bin/env bash
# lab.sh: a house in network namespaces, for tests of the whole gateway.
#
#   net   the pretend Internet: DNS (unbound), web sites over TLS, HTTP/2 and HTTP/3 (caddy)
#    |    10.77.0.1/24, fd00:10:77::1/64, and the addresses of sites.json on lo
#   gw    the gateway under test: wan0 10.77.0.2; br-lan 192.168.77.1/24, fd00:77::1/64,
#    |    2001:db8:77::1/64; forwards, masquerades IPv4, hands out addresses (dnsmasq, no DNS)
#   dev1  a laptop, headless Chromium      3c:22:fb:12:34:01   DHCP host name Olas-MacBook-Air
#   dev2  a phone, curl and "apps"         8c:79:f5:12:34:02   Galaxy-S24, android-dhcp-14
#   dev3  a thing: DHCP, mDNS, SSDP        24:0a:c4:12:34:03   ESP_123403
#
#   lab.sh up | down                 make the house; take away all of it
#   lab.sh exec NS CMD...            run CMD in gw, net, dev1, dev2 or dev3
#   lab.sh start NAME NS CMD...      the same in the background; ends with `stop NAME` or `down`
#   lab.sh stop NAME [SIGNAL]
#   lab.sh dhcp DEV                  ask for an address again
#   lab.sh missing                   print what this machine lacks for the lab; nothing when ready
#
# Settings (environment): LAB_PREFIX, put before the namespaces' names so that labs can live side
# by side; LAB_STATE, a folder for state, removed by `down`.
# Nothing listens in, or is sent to, the machine's own network.
set -u -o pipefail
export PATH=$PATH:/usr/sbin:/sbin
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
P=${LAB_PREFIX:-sv-}
STATE=${LAB_STATE:-$HERE/../.state-$P}
NODE=${LAB_NODE:-node}
GW=${P}gw NET=${P}net DEVS=(dev1 dev2 dev3)
declare -A MAC=([dev1]=3c:22:fb:12:34:01 [dev2]=8c:79:f5:12:34:02 [dev3]=24:0a:c4:12:34:03)
declare -A HOSTNAME_OF=([dev1]=Olas-MacBook-Air [dev2]=Galaxy-S24 [dev3]=ESP_123403)
declare -A VENDOR_CLASS=([dev1]='' [dev2]=android-dhcp-14 [dev3]='udhcp 1.31.1')
declare -A DHCP_OPTIONS=([dev1]='1 121 3 6 15 108 114 119 252 95 44 46'
  [dev2]='1 3 6 15 26 28 51 58 59 43 114 108' [dev3]='1 3 28 6')

die() { echo "lab: $*" >&2; exit 1; }
in_ns() { local ns=$1; shift; ip netns exec "$P$ns" "$@"; }

start() { # NAME NS CMD...
  local name=$1 ns=$2; shift 2
  ip netns exec "$P$ns" setsid "$@" >"$STATE/log/$name.out" 2>&1 </dev/null &
  echo $! >"$STATE/pids/$name"
}
# Gone, or dead and only not yet collected by whoever adopted it.
is_over() { ! kill -0 "$1" 2>/dev/null || grep -qs '^State:[[:space:]]*Z' "/proc/$1/status"; }
stop() { # NAME [SIGNAL]: by its process id, and wait for it
  local file=$STATE/pids/$1 signal=${2:-TERM} pid
  [ -f "$file" ] || return 0
  pid=$(cat "$file"); rm -f "$file"
  kill -"$signal" "$pid" 2>/dev/null || return 0
  for _ in $(seq 100); do is_over "$pid" && return 0; sleep 0.05; done
  kill -KILL "$pid" 2>/dev/null
}
until_ok() { # SECONDS CMD...
  local end=$((SECONDS + $1)); shift
  until "$@" >/dev/null 2>&1; do [ $SECONDS -ge $end ] && return 1; sleep 0.1; done
}
v6_settled() {
  local shown; shown=$(ip -n "$P$1" -6 -o addr show dev eth0)
  [[ $shown == *2001:db8:77* && $shown != *tentative* ]]
}

cmd_missing() {
  local c
  [ "$(id -u)" = 0 ] || echo "the right to make network namespaces (run the tests as root)"
  for c in ip nft ethtool curl openssl "$NODE" caddy unbound dnsmasq busybox certutil dig \
    delv drill kdig ldns-keygen ldns-signzone; do
    command -v "$c" >/dev/null || echo "the program $c"
  done
  [ -x "${LAB_CHROMIUM:-/usr/bin/chromium}" ] || echo "Chromium"
  if [ "$(id -u)" = 0 ]; then
    ip netns add "${P}probe" 2>/dev/null && ip netns del "${P}probe" ||
      echo "a kernel that lets this process make network namespaces"
  fi
}

make_certificates() {
  local tls=$STATE/tls group names
  mkdir -p "$tls"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
    -subj "/O=Lab/CN=Lab Root CA" -addext keyUsage=critical,keyCertSign,cRLSign \
    -keyout "$tls/ca.key" -out "$tls/ca.pem" 2>/dev/null
  while IFS=$'\t' read -r group names; do
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 20 \
      -subj "/CN=$group.lab" -CA "$tls/ca.pem" -CAkey "$tls/ca.key" \
      -addext "subjectAltName=$names" -addext basicConstraints=critical,CA:FALSE \
      -addext extendedKeyUsage=serverAuth -addext keyUsage=critical,digitalSignature \
      -keyout "$tls/$group.key" -out "$tls/$group.leaf" 2>/dev/null
    cat "$tls/$group.leaf" "$tls/ca.pem" >"$tls/$group.pem"
  done <"$STATE/certs.tsv"
  # The public keys' hashes: Chromium's QUIC accepts a private CA only so.
  for group in "$tls"/*.leaf "$tls/ca.pem"; do
    openssl x509 -in "$group" -noout -pubkey 2>/dev/null |
      openssl pkey -pubin -outform der 2>/dev/null | openssl dgst -sha256 -binary | base64
  done | paste -sd, >"$tls/spki.txt"
}

make_namespaces() {
  local ns
  for ns in gw net "${DEVS[@]}"; do
    ip netns add "$P$ns"
    mkdir -p "/etc/netns/$P$ns"
    echo "nameserver 127.0.0.1" >"/etc/netns/$P$ns/resolv.conf"
    printf '127.0.0.1 localhost\n::1 localhost\n' >"/etc/netns/$P$ns/hosts"
    in_ns "$ns" ip link set lo up
  done
}

make_internet() {
  ip link add wan0 netns "$GW" address 52:54:00:77:00:02 type veth \
    peer name eth0 netns "$NET" address 52:54:00:77:00:01
  in_ns net sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
  in_ns net ip addr add 10.77.0.1/24 dev eth0
  in_ns net ip addr add fd00:10:77::1/64 dev eth0 nodad
  in_ns net ip link set eth0 up
  local address
  while read -r address; do
    case $address in
      *:*) echo "addr add $address/128 dev lo nodad" ;;
      *) echo "addr add $address/32 dev lo" ;;
    esac
  done <"$STATE/addrs.txt" | ip -n "$NET" -batch -
}

make_gateway() {
  in_ns gw sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
    net.ipv6.conf.default.forwarding=1 net.ipv6.conf.default.accept_dad=0
  in_ns gw ip addr add 10.77.0.2/24 dev wan0
  in_ns gw ip addr add fd00:10:77::2/64 dev wan0 nodad
  in_ns gw ip link set wan0 up
  in_ns gw ip link add br-lan address dc:a6:32:77:00:01 type bridge \
    stp_state 0 forward_delay 0 mcast_snooping 0
  in_ns gw ip addr add 192.168.77.1/24 dev br-lan
  in_ns gw ip addr add fd00:77::1/64 dev br-lan nodad
  in_ns gw ip addr add 2001:db8:77::1/64 dev br-lan nodad
  in_ns gw ip link set br-lan up
  in_ns gw ip route add default via 10.77.0.1
  in_ns gw ip -6 route add default via fd00:10:77::1
  in_ns net ip -6 route add fd00:77::/64 via fd00:10:77::2
  in_ns net ip -6 route add 2001:db8:77::/64 via fd00:10:77::2
  in_ns gw nft -f - <<'N'
table ip lab_nat {
  chain post { type nat hook postrouting priority srcnat; oifname "wan0" masquerade; }
}
N
}

make_devices() {
  local d
  for d in "${DEVS[@]}"; do
    ip link add "p-$d" netns "$GW" type veth peer name eth0 netns "$P$d" address "${MAC[$d]}"
    in_ns gw ip link set "p-$d" master br-lan up
    in_ns "$d" sysctl -qw net.ipv6.conf.eth0.accept_ra=1 net.ipv6.conf.eth0.autoconf=1
  done
  # Privacy addresses on the laptop, stable random ones on the phone, the MAC in the thing's.
  in_ns dev1 sysctl -qw net.ipv6.conf.eth0.use_tempaddr=2
  in_ns dev2 ip link set eth0 addrgenmode random
}

start_services() {
  start site-server net "$NODE" "$HERE/site-server.mjs"
  start unbound net unbound -d -c "$STATE/unbound.conf"
  start caddy net env HOME="$STATE/home" XDG_DATA_HOME="$STATE/home" \
    XDG_CONFIG_HOME="$STATE/home" caddy run --config "$STATE/caddy.json"
  start dhcp gw dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --user=root \
    --pid-file= --dhcp-leasefile="$STATE/dhcp.leases" --no-ping --dhcp-authoritative \
    --interface=br-lan --bind-dynamic --log-facility="$STATE/log/dhcp.log" \
    --dhcp-range=192.168.77.100,192.168.77.199,255.255.255.0,1h \
    --dhcp-option=option:router,192.168.77.1 --dhcp-option=option:dns-server,192.168.77.1 \
    --domain=lan --enable-ra --ra-param=br-lan,high,10,1800 \
    --dhcp-range=::,constructor:br-lan,ra-only,64,1h
}

cmd_up() {
  local lacking d
  lacking=$(cmd_missing)
  [ -z "$lacking" ] || die "this machine lacks: $lacking"
  [ -f "$STATE/owner" ] && cmd_down
  for d in gw net "${DEVS[@]}"; do
    [ -e "/run/netns/$P$d" ] && die "namespace $P$d is not ours: set LAB_PREFIX, or remove it"
  done
  mkdir -p "$STATE"/{log,pids,tls,tmp,home}
  printf '%s\n' "$GW" "$NET" "${DEVS[@]/#/$P}" >"$STATE/owner"
  trap 'echo "lab: up failed at line $LINENO, taking it down" >&2; cmd_down; exit 1' ERR
  set -eE
  "$NODE" "$HERE/gen.mjs" "$STATE"
  make_certificates
  make_namespaces
  make_internet
  make_gateway
  make_devices
  start_services
  for d in "${DEVS[@]}"; do in_ns "$d" ip link set eth0 up; done
  for d in "${DEVS[@]}"; do until_ok 15 cmd_dhcp "$d"; done
  mkdir -p "$STATE/home/.pki/nssdb"
  certutil -N --empty-password -d "sql:$STATE/home/.pki/nssdb"
  certutil -A -n lab-ca -t C,, -d "sql:$STATE/home/.pki/nssdb" -i "$STATE/tls/ca.pem"
  until_ok 15 in_ns dev2 curl -fsS -m 2 --cacert "$STATE/tls/ca.pem" \
    --resolve nordhelse.example:443:203.0.113.16 https://nordhelse.example/echo
  # A browser drops its connections when an address comes or goes.
  for d in "${DEVS[@]}"; do until_ok 10 v6_settled "$d"; done
  trap - ERR; set +eE
}

namespace_pids() {
  local ns
  while read -r ns; do
    [ -e "/run/netns/$ns" ] && ip netns pids "$ns" 2>/dev/null
  done <"$STATE/owner"
}

cmd_down() {
  trap - ERR; set +eE
  [ -f "$STATE/owner" ] || return 0
  local signal ns
  # Every process inside a namespace that we made is ours; end them by their ids.
  for signal in TERM TERM KILL; do
    for ns in $(namespace_pids); do kill -"$signal" "$ns" 2>/dev/null; done
    for _ in $(seq 20); do [ -z "$(namespace_pids)" ] && break 2; sleep 0.1; done
  done
  while read -r ns; do
    [ -e "/run/netns/$ns" ] && ip netns del "$ns"
    rm -rf "/etc/netns/${ns:?}"
  done <"$STATE/owner"
  rmdir /etc/netns 2>/dev/null
  case $STATE in / | /tmp | "$HOME" | "$HERE" | '') die "refusing to remove $STATE" ;; esac
  rm -rf "$STATE"
}

cmd_dhcp() { # DEV: one-shot DHCP with the device's own host name, vendor class and options
  local d=$1 option args=()
  for option in ${DHCP_OPTIONS[$d]}; do args+=(-O "$option"); done
  export LAB_RESOLV="/etc/netns/$P$d/resolv.conf"
  in_ns "$d" busybox udhcpc -i eth0 -n -q -f -t 8 -T 1 -o "${args[@]}" \
    -x "hostname:${HOSTNAME_OF[$d]}" -V "${VENDOR_CLASS[$d]}" -s "$HERE/udhcpc.script" \
    >"$STATE/log/udhcpc-$d.out" 2>&1
}

command=${1:-}
[ $# -gt 0 ] && shift
case $command in
  up | down | missing | dhcp) "cmd_$command" "$@" ;;
  exec) ns=$1; shift; in_ns "$ns" env LAB_STATE="$STATE" LAB_DEV="$ns" "$@" ;;
  start | stop) "$command" "$@" ;;
  *) sed -n '2,/^set -u/p' "${BASH_SOURCE[0]}" | sed '$d; s/^# \{0,1\}//'; exit 64 ;;
esac
