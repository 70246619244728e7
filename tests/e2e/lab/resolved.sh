#!/usr/bin/env bash
# resolved.sh BINARY SERVER: systemd-resolved by hand, in the mount namespace of lab.sh; it asks
# SERVER, validates where it can, and takes TLS where it is offered.  A stub on 127.0.0.53 of this
# network namespace; the resolver and /etc of the machine stay as they are.
set -euo pipefail
mkdir -p /etc/systemd /run/systemd
mount -t tmpfs tmpfs /etc/systemd
mount -t tmpfs tmpfs /run/systemd
cat >/etc/systemd/resolved.conf <<EOF
[Resolve]
DNS=$2
Domains=~.
FallbackDNS=
DNSSEC=allow-downgrade
DNSOverTLS=opportunistic
LLMNR=no
MulticastDNS=no
Cache=no
EOF
# It wants to run as a user that only its package makes.
if ! getent passwd systemd-resolve >/dev/null; then
  cp /etc/passwd /run/systemd/passwd
  echo 'systemd-resolve:x:65533:65534::/:/usr/sbin/nologin' >>/run/systemd/passwd
  mount --bind /run/systemd/passwd /etc/passwd
fi
exec env SYSTEMD_LOG_TARGET=console SYSTEMD_LOG_LEVEL=debug "$1"
