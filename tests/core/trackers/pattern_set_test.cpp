#include "core/trackers/pattern_set.h"

#include "core/base/byte_writer.h"
#include "tests/support/warm_expressions.h"

#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::Bytes;
using sporvakt::ByteWriter;
using sporvakt::trackers::PatternSet;

namespace {

std::vector<std::uint8_t> stored(const std::vector<std::string>& expressions) {
    ByteWriter out;
    out.u32(static_cast<std::uint32_t>(expressions.size()));
    for (const std::string& expression : expressions) {
        out.u8(0).text16(expression).u8(0).u16(7);
    }
    return out.result();
}

}  // namespace

TEST_GROUP(PatternSets){};

TEST(PatternSets, FindsAllThatMatchInTheirOrder) {
    const auto bytes = stored({"ads", "^x", "[0-9]{3}"});
    const auto set = PatternSet::from(bytes);
    CHECK(set.has_value());
    LONGS_EQUAL(3, set->size());
    LONGS_EQUAL(2, set->matches("ads123.example").size());
    LONGS_EQUAL(7, set->matches("xyz.example").front()->rule.lists.number);
    CHECK(set->matches("example").empty());
}

TEST(PatternSets, TheCaseOfAnExpressionDoesNotMatter) {
    const auto bytes = stored({"^ADS\\."});
    CHECK_EQUAL(1U, PatternSet::from(bytes)->matches("ads.example").size());
}

TEST(PatternSets, WithoutPatternsNothingMatches) {
    CHECK(PatternSet().matches("example").empty());
    CHECK(PatternSet::from(stored({}))->matches("example").empty());
}

TEST(PatternSets, BytesCutShortAreRefused) {
    const auto bytes = stored({"ads", "^x"});
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        CHECK(!PatternSet::from(Bytes(bytes).first(size)));
    }
}

TEST(PatternSets, AStoredExpressionThatIsNoneIsRefused) {
    CHECK(!PatternSet::from(stored({"(unclosed"})));
}
