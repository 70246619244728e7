#pragma once

#include "dns/message/query.h"

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

enum class CanaryNames : std::uint8_t { Answered, Forwarded };

/// The answer for names that are answered here: RFC 6761 (localhost, invalid, test), 6762 (local),
/// 7686 (onion), 8375 (home.arpa), 8880 (ipv4only.arpa), 9462 (resolver.arpa), private and special
/// reverse zones (6303, 7793), and the names by which Firefox and iOS ask whether to use this
/// resolver.  Empty for every other name.
std::optional<SpecialAnswer> special_answer(std::string_view name, CanaryNames canary_names);

std::size_t write_special_answer(std::span<std::uint8_t> out, const Query& query,
                                 SpecialAnswer answer);

}  // namespace sporvakt::dns
