#include "capture/segment_buffer.h"

#include "tests/support/packets/packet_builder.h"

#include <algorithm>
#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::as_bytes;
using sporvakt::as_text;
using sporvakt::ParseError;
using sporvakt::capture::SegmentBuffer;

TEST_GROUP(SegmentBuffer) {
    SegmentBuffer buffer{100};

    void put(std::size_t offset, std::string_view piece) {
        CHECK_TRUE(buffer.put(offset, as_bytes(piece)).has_value());
    }
    std::string text(std::size_t from = 0) {
        return std::string(as_text(buffer.from(from)));
    }
};

TEST(SegmentBuffer, PutsPiecesTogetherInEveryOrder) {
    std::vector<std::size_t> order{0, 1, 2, 3, 4};
    const std::string whole = "reassembly";
    do {
        buffer.clear();
        for (const std::size_t piece : order) {
            put(piece * 2, std::string_view(whole).substr(piece * 2, 2));
        }
        STRCMP_EQUAL(whole.c_str(), text().c_str());
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST(SegmentBuffer, ShowsOnlyWhatHasNoGapInFront) {
    put(0, "ab");
    put(5, "xyz");

    STRCMP_EQUAL("ab", text().c_str());
    STRCMP_EQUAL("yz", text(6).c_str());
    STRCMP_EQUAL("", text(3).c_str());
}

TEST(SegmentBuffer, LetsTheFirstArrivalWin) {
    put(2, "CD");
    put(6, "GH");
    put(0, "abcdefghij");

    STRCMP_EQUAL("abCDefGHij", text().c_str());
}

TEST(SegmentBuffer, TellsAContradictionFromARepetition) {
    put(2, "cdef");

    CHECK_TRUE(buffer.agrees_with(2, as_bytes("cdef")));
    CHECK_TRUE(buffer.agrees_with(0, as_bytes("abcd")));
    CHECK_TRUE(buffer.agrees_with(6, as_bytes("zz")));
    CHECK_FALSE(buffer.agrees_with(4, as_bytes("eX")));
}

TEST(SegmentBuffer, RefusesWhatLiesBeyondItsLimit) {
    CHECK_TRUE(buffer.put(98, as_bytes("ab")).has_value());
    CHECK(buffer.put(99, as_bytes("ab")).error() == ParseError::LimitExceeded);
    CHECK(buffer.put(std::size_t{1} << 62U, as_bytes("a")).error() == ParseError::LimitExceeded);
}

TEST(SegmentBuffer, RefusesMoreGapsThanItKeepsCountOf) {
    SegmentBuffer large(100'000);
    std::size_t accepted = 0;
    while (large.put(accepted * 2, as_bytes("x")).has_value()) {
        ++accepted;
    }

    LONGS_EQUAL(SegmentBuffer::kGapsMax, accepted);
}

TEST(SegmentBuffer, RemembersThatItWasContradictedUntilItIsCleared) {
    CHECK_TRUE(buffer.put(0, sporvakt::test::octets("abcdef")).has_value());
    CHECK_TRUE(buffer.put(3, sporvakt::test::octets("defghi")).has_value());
    CHECK_FALSE(buffer.is_contradicted());
    CHECK_TRUE(buffer.put(8, sporvakt::test::octets("IJ")).has_value());
    CHECK_TRUE(buffer.is_contradicted());

    buffer.clear();
    CHECK_FALSE(buffer.is_contradicted());
}
