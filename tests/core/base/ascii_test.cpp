#include "core/base/ascii.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt;

TEST_GROUP(Ascii){};

TEST(Ascii, OnlyItsOwnLettersAreLowered) {
    CHECK(lowered("AZ[@`{Å") == "az[@`{Å");
    LONGS_EQUAL(0xc5, lower(std::uint8_t{0xc5}));
    LONGS_EQUAL('q', lower('Q'));
}

TEST(Ascii, WordsEqualInAnyCase) {
    CHECK_TRUE(equals_ignoring_case("HoSt", "hOsT"));
    CHECK_FALSE(equals_ignoring_case("hosts", "host"));
    CHECK_FALSE(equals_ignoring_case("", "host"));
    CHECK_FALSE(equals_ignoring_case("[", "{"));  // 0x20 apart, and no letters
}

TEST(Ascii, BlanksAtBothEndsAreCutOff) {
    CHECK(trimmed("\t x y ", " \t") == "x y");
    CHECK(trimmed(" \t", " \t").empty());
    CHECK(trimmed("", " ").empty());
}
