#pragma once

#include "core/policy/policy.h"
#include "core/policy/verdict.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace sporvakt::policy {

/// A sentence that grows in a place of its own, for answers to queries, where nothing may be
/// allocated.  A value; what does not fit is left out.
class ReasonText {  // NOLINT(cppcoreguidelines-pro-type-member-init): see bytes_
public:
    /// Of the longest rule, list and group that there can be, and words between.
    static constexpr std::size_t kBytesMax = 1024;

    void add(std::string_view text);

    /// Lives as long as this.
    [[nodiscard]] std::string_view text() const { return {bytes_.data(), length_}; }

private:
    // Those that nobody wrote are never read; clearing them would cost each blocked query.
    std::array<char, kBytesMax> bytes_;
    std::size_t length_ = 0;
};

/// "the group Children", or "the household" for a device that is in none.
void add_whose(ReasonText& text, const Group* group);

/// Why a verdict is what it is, in English: "The rule ||facebook.net^ of the list built-in blocks
/// it", without a full stop, so that more can follow.  `policy` gave the verdict.  The same words
/// wherever somebody asks: in an answer's Extended DNS Error (RFC 8914), on the command line, in
/// the API.  Does not allocate.
ReasonText reason_text(const Verdict& verdict, const Policy& policy);

}  // namespace sporvakt::policy
