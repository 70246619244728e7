#include "core/trackers/pattern_set.h"

#include <utility>

namespace sporvakt::trackers {

Parsed<PatternSet> PatternSet::from(Bytes stored) {
    PatternSet result;
    ByteReader rest(stored);
    const std::uint32_t count = SPORVAKT_TRY(rest.u32());
    if (count > kPatternsMax) {
        return tl::unexpected(ParseError::LimitExceeded);
    }
    for (std::uint32_t i = 0; i < count; ++i) {
        Pattern pattern;
        pattern.tail_length = SPORVAKT_TRY(rest.u8());
        const Bytes expression = SPORVAKT_TRY(rest.take_vector16());
        pattern.rule = SPORVAKT_TRY(read_rule(rest));
        if (!result.expressions_.add(as_text(expression))) {
            return tl::unexpected(ParseError::Malformed);
        }
        result.patterns_.push_back(pattern);
    }
    if (!result.expressions_.compile()) {
        return tl::unexpected(ParseError::LimitExceeded);
    }
    return result;
}

std::vector<const PatternSet::Pattern*> PatternSet::matches(std::string_view name) const {
    std::vector<const Pattern*> result;
    for (const std::size_t number : expressions_.matches(name)) {
        result.push_back(&patterns_[number]);
    }
    return result;
}

}  // namespace sporvakt::trackers
