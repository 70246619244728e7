#include "core/store/key_range.h"

#include <CppUTest/TestHarness.h>

using sporvakt::as_bytes;
using sporvakt::store::KeyRange;

TEST_GROUP(KeyRange){};

TEST(KeyRange, OfAPrefixEndsAtTheFirstKeyWithoutIt) {
    const KeyRange range = KeyRange::prefix(as_bytes("ab"));

    CHECK_TRUE(range.is_before_end(as_bytes("ab")));
    CHECK_TRUE(range.is_before_end(as_bytes("ab\xff\xff")));
    CHECK_FALSE(range.is_before_end(as_bytes("ac")));
}

TEST(KeyRange, OfAPrefixCarriesOverTheHighestByte) {
    const KeyRange range = KeyRange::prefix(as_bytes("a\xff\xff"));

    CHECK_TRUE(range.is_before_end(as_bytes("a\xff\xff\xff")));
    CHECK_FALSE(range.is_before_end(as_bytes("b")));
}

TEST(KeyRange, OfTheHighestPrefixHasNoEnd) {
    CHECK_FALSE(KeyRange::prefix(as_bytes("\xff\xff")).to.has_value());
}

TEST(KeyRange, OfAllHasNoEnd) {
    CHECK_TRUE(KeyRange::all().is_before_end(as_bytes("\xff")));
    CHECK_TRUE(KeyRange::all().from.empty());
}
