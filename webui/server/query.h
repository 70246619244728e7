#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sporvakt::webui {

/// In a query, '+' means a space; in a path it means itself.
enum class PlusSign : std::uint8_t { Literal, Space };

/// "%C3%A5" becomes the bytes that it means (RFC 3986 §2.1).  Refuses what no client of ours sends:
/// broken escapes, control characters, bytes that are not UTF-8.
Parsed<std::string> percent_decode(std::string_view text, PlusSign plus);

/// The part of an address behind its '?': names and values, decoded.
class Query {
public:
    static constexpr std::size_t kLengthMax = 4096;
    static constexpr std::size_t kPairCountMax = 32;

    Query() = default;
    static Parsed<Query> from_text(std::string_view text);

    /// The value of the name's first appearance.  Lives as long as the query.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;

    /// The first name that is not among `known`, or that comes twice.
    [[nodiscard]] std::optional<std::string> first_unexpected(
        std::span<const std::string_view> known) const;

    [[nodiscard]] bool empty() const { return pairs_.empty(); }

private:
    std::vector<std::pair<std::string, std::string>> pairs_;
};

}  // namespace sporvakt::webui
