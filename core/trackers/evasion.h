#pragma once

#include "core/base/ip_address.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace sporvakt::trackers {

/// By what a name or an address serves to get past whoever looks at names: a device's way around
/// the household's resolver, or a tracker's way to pass for somebody else.  Stored: never renumber,
/// only append.
enum class Evasion : std::uint8_t {
    None = 0,
    DnsOverHttps = 1,  ///< A resolver that answers inside web traffic (RFC 8484).
    Relay = 2,         ///< Carries traffic on and hides where to: iCloud Private Relay.
    Vpn = 3,           ///< Where a tunnel begins.
    Disguise = 4,      ///< A tracker that other websites' names are aliases (CNAME) of.
};

constexpr Evasion kLastEvasion = Evasion::Disguise;

/// "doh", "relay", "vpn" and "disguise", in facts and in the API; empty for None.
std::string_view evasion_id(Evasion evasion);

/// None has no id.
std::optional<Evasion> evasion_from_id(std::string_view id);

/// What such a name is, in English: "a resolver for DNS over HTTPS".  Empty for None.
std::string_view evasion_text(Evasion evasion);

/// Whether a device gets around the household by it.
bool is_way_around(Evasion evasion);

/// An address that serves for nothing else on the port for HTTPS.
struct EvasiveAddress {
    IpAddress address;
    Evasion evasion = Evasion::None;

    friend bool operator==(const EvasiveAddress&, const EvasiveAddress&) = default;
};

}  // namespace sporvakt::trackers
