#include "core/base/utf8.h"

#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::is_utf8;
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

TEST(Utf8, IsKnown) {
    for (const auto* text : {"", "plain", "a\nb", "\xc3\xa5", "\xe2\x82\xac", "\xed\x9f\xbf",
                             "\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf"}) {
        CHECK_TRUE_TEXT(is_utf8(text), text);
    }
    for (const auto* text :
         {"\x80", "\xc0\x80", "\xc1\xbf", "\xc3", "\xc3z", "\xe0\x9f\xbf", "\xed\xa0\x80",
          "\xe2\x82", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "a\xff"}) {
        CHECK_FALSE_TEXT(is_utf8(text), text);
    }
}
