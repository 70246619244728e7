#pragma once

#include "core/base/clock.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sporvakt::devices {

/// By what a device goes around the household's resolver, or around being seen at all.  Stored:
/// never renumber.
enum class Bypass : std::uint8_t {
    None = 0,
    DnsElsewhere = 1,  ///< Plain DNS to a resolver out in the Internet.
    DnsOverTls = 2,    ///< RFC 7858
    DnsOverQuic = 3,   ///< RFC 9250
    DnsOverHttps = 4,  ///< RFC 8484, with a resolver that is known for it.
    Vpn = 5,           ///< A tunnel: WireGuard, OpenVPN, IPsec and others.
    Proxy = 6,         ///< SOCKS, CONNECT, Tor, and known relays.
};

constexpr std::size_t kBypassKinds = 6;  ///< Without None.

/// "dns", "dot", "doq", "doh", "vpn" and "proxy", in the API and in `replay --flows`; empty for
/// None.
std::string_view bypass_text(Bypass bypass);

/// The latest of a kind that a device was seen at.
struct BypassNote {
    Bypass kind = Bypass::None;
    std::string server;  ///< Its name as the device told it, else its address.
    Timestamp last_seen;

    friend bool operator==(const BypassNote&, const BypassNote&) = default;
};

}  // namespace sporvakt::devices
