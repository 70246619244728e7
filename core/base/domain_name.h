#pragma once

#include "core/base/result.h"

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace sporvakt {

/// A host name in the one form that the whole product compares: lower case, no trailing dot.
///
/// Invariant: 1..253 characters; labels of 1..63 characters (RFC 1035 §2.3.4).  A value of this
/// type is always valid, so nobody downstream checks again.
class DomainName {
public:
    static constexpr std::size_t kMaxLength = 253;
    static constexpr std::size_t kMaxLabelLength = 63;

    static Parsed<DomainName> from_text(std::string_view text);

    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] bool is_within(const DomainName& ancestor) const;

    friend bool operator==(const DomainName&, const DomainName&) = default;
    friend auto operator<=>(const DomainName&, const DomainName&) = default;

private:
    explicit DomainName(std::string text) : text_(std::move(text)) {}

    std::string text_;
};

/// "a.b.c" -> "b.c" -> "c" -> "".  The walk that matches a name against a list of suffixes.
std::string_view parent_suffix(std::string_view suffix);

}  // namespace sporvakt
