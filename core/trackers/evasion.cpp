#include "core/trackers/evasion.h"

#include <algorithm>
#include <array>

namespace sporvakt::trackers {
namespace {

struct EvasionInfo {
    std::string_view id;
    std::string_view text;
};

// In the order of the enum.
constexpr std::array<EvasionInfo, static_cast<std::size_t>(kLastEvasion) + 1> kEvasions{{
    {"", ""},
    {"doh", "a resolver for DNS over HTTPS"},
    {"relay", "a relay that hides where traffic goes"},
    {"vpn", "where a VPN begins"},
    {"disguise", "a tracker behind names of other websites (CNAME)"},
}};

const EvasionInfo& info(Evasion evasion) {
    const auto number = static_cast<std::size_t>(evasion);
    return kEvasions[number < kEvasions.size() ? number : 0];
}

}  // namespace

std::string_view evasion_id(Evasion evasion) {
    return info(evasion).id;
}

std::optional<Evasion> evasion_from_id(std::string_view id) {
    const auto* const found = std::find_if(kEvasions.begin() + 1, kEvasions.end(),
                                           [id](const EvasionInfo& one) { return one.id == id; });
    if (found == kEvasions.end()) {
        return std::nullopt;
    }
    return Evasion{static_cast<std::uint8_t>(found - kEvasions.begin())};
}

std::string_view evasion_text(Evasion evasion) {
    return info(evasion).text;
}

bool is_way_around(Evasion evasion) {
    return evasion == Evasion::DnsOverHttps || evasion == Evasion::Relay || evasion == Evasion::Vpn;
}

}  // namespace sporvakt::trackers
