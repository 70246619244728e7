#pragma once

#include "dns/message/query.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sporvakt::dns {

/// How a name that never belongs to the Internet is answered.
enum class SpecialAnswer : std::uint8_t {
    NoSuchName,  ///< NXDOMAIN
    NoData,      ///< The name exists, without records of that type.
    Loopback,    ///< 127.0.0.1 and ::1
    LoopbackPointer,
    Ipv4Only,  ///< The well-known addresses of ipv4only.arpa.
};

/// The names by which Firefox and Apple's devices ask whether to use this resolver.
constexpr std::array<std::string_view, 3> kCanaryNames{"use-application-dns.net", "mask.icloud.com",
                                                       "mask-h2.icloud.com"};

bool is_canary_name(std::string_view name);

/// Which of them are answered with "yes, use it"; the others are ordinary names.
struct CanaryNames {
    std::array<bool, kCanaryNames.size()> answered{true, true, true};  ///< As in kCanaryNames.

    friend bool operator==(const CanaryNames&, const CanaryNames&) = default;
};

/// The answer for names that are answered here: RFC 6761 (localhost, invalid, test), 6762 (local),
/// 7686 (onion), 8375 (home.arpa), 8880 (ipv4only.arpa), 9462 (resolver.arpa), 9476 (alt), private
/// and special reverse zones (6303, 7793), and canary names.  Empty for every other name, and for
/// a DS question about such a zone of arpa itself: that is its parent's to answer, and validating
/// clients need its proof that the zone is not signed (RFC 8375 §4, RFC 6303 §5).
std::optional<SpecialAnswer> special_answer(std::string_view name, RecordType type,
                                            const CanaryNames& canary_names);

std::size_t write_special_answer(std::span<std::uint8_t> out, const Query& query,
                                 SpecialAnswer answer);

}  // namespace sporvakt::dns
