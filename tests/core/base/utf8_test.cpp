#include "core/base/utf8.h"

#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::printable_characters;

TEST_GROUP(Utf8){};

TEST(Utf8, CountsCharactersNotBytes) {
    LONGS_EQUAL(0, printable_characters("").value());
    LONGS_EQUAL(5, printable_characters("På TV").value());
    LONGS_EQUAL(1, printable_characters("\xf0\x9f\x93\xba").value());
}

TEST(Utf8, WhatIsNotWellFormedOrInvisibleHasNone) {
    for (const char* wrong :
         {"a\nb", "a\x7f", "\xff", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
          "\xf5\x80\x80\x80", "\xc3", "\xe2\x82", "\x80", "\xc3("}) {
        CHECK_FALSE(printable_characters(wrong).has_value());
    }
    CHECK_FALSE(printable_characters(std::string("a\0b", 3)).has_value());
}
