#pragma once

#include "capture/flow_summary.h"
#include "core/base/byte_reader.h"
#include "core/base/ip_address.h"
#include "core/policy/policy.h"

#include <cstdint>
#include <string_view>

namespace sporvakt::capture {

/// What an encrypted flow of a device may be that goes around the household's resolver or hides
/// where it goes, by where it goes.  `transport` Tcp or Udp; a private address is none of it: what
/// stays in the house is not hidden from it.
///
/// By port: DNS (53) to somebody out there, DNS over TLS and QUIC (853; RFC 7858, RFC 9250), VPNs
/// (IPsec, L2TP, PPTP, OpenVPN, WireGuard), SOCKS and Tor.  By address: the public resolvers' own
/// addresses on port 443, where nothing else is served, as far as `known` knows them.
Bypass bypass_by_server(FlowTransport transport, const Endpoint& server,
                        const policy::Policy& known);

/// By the name that the client told or resolved: the resolvers that browsers and phones know by
/// heart, relays and VPN providers' entries (core/trackers/facts/ways-around.txt).  `name` is in
/// DomainName's form.
Bypass bypass_by_name(std::string_view name, const policy::Policy& known);

/// By a client's first payload: SOCKS greetings (RFC 1928, SOCKS 4), WireGuard's and OpenVPN's
/// first messages on whatever port.
Bypass bypass_by_payload(FlowTransport transport, Bytes payload);

}  // namespace sporvakt::capture
