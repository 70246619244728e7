#pragma once

#include "core/base/ip_address.h"
#include "dns/message/query.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace sporvakt::dns {

/// Whether the client asks for our encrypted form (RFC 9462 §4): SVCB of _dns.resolver.arpa.
bool asks_for_designation(const Query& query);

/// "Ask me over TLS", so that a device's private DNS works with us instead of around us.  `asked`
/// is the address that the client knows us by: the hint, for clients that take an encrypted
/// resolver only at the same private address (§4.2).  `tls` is where we listen; nothing is written,
/// and 0 returned, when that is not so at this address.
std::size_t write_designation(std::span<std::uint8_t> out, const Query& query,
                              const IpAddress& asked, std::span<const Endpoint> tls);

/// As RFC 9462's examples; short enough for a change to be seen soon.
constexpr std::uint32_t kDesignationTtl = 300;

}  // namespace sporvakt::dns
