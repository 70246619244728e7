#pragma once

#include "core/base/byte_reader.h"
#include "core/base/record_type.h"
#include "core/base/result.h"
#include "core/trackers/name_expressions.h"
#include "core/trackers/stored_rule.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::trackers {

/// The rules that are expressions: /re/ and masks.  Compiled when opened.  Immutable and
/// thread-safe.
///
///     patterns = count:u32  (tail_length:u8 expression:u16+bytes rule)*
class PatternSet {
public:
    /// What one catalogue may hold: expressions live in private memory and cost time at start-up.
    static constexpr std::size_t kPatternsMax = 2000;

    /// `stored` outlives the set.
    static Parsed<PatternSet> from(Bytes stored);

    struct Pattern {
        std::uint8_t tail_length = 0;
        StoredRule rule;
    };

    [[nodiscard]] std::size_t size() const { return patterns_.size(); }

    /// Those that match the name, in the order in which they were written.
    [[nodiscard]] std::vector<const Pattern*> matches(std::string_view name) const;

private:
    NameExpressions expressions_;
    std::vector<Pattern> patterns_;
};

}  // namespace sporvakt::trackers
