#include "core/trackers/words.h"

#include <string_view>

#include <CppUTest/TestHarness.h>

using sporvakt::trackers::take_until;
using sporvakt::trackers::take_word;
using sporvakt::trackers::trimmed;
using sporvakt::trackers::without_comment;

TEST_GROUP(Words){};

TEST(Words, AreTakenOneByOne) {
    std::string_view rest = "  one \t two\r\n";
    CHECK(take_word(rest) == "one");
    CHECK(take_word(rest) == "two");
    CHECK(take_word(rest).empty());
}

TEST(Words, PartsEndAtTheirSeparator) {
    std::string_view rest = "a||b";
    CHECK(take_until(rest, '|') == "a");
    CHECK(take_until(rest, '|').empty());
    CHECK(take_until(rest, '|') == "b");
    CHECK(rest.empty());
}

TEST(Words, BlanksAroundAreCutOff) {
    CHECK(trimmed("\t x y \r") == "x y");
    CHECK(trimmed(" \t\r\n").empty());
}

TEST(Words, ACommentNeedsABlankBefore) {
    CHECK(without_comment("x # y # z") == "x");
    CHECK(without_comment("x#y") == "x#y");
    CHECK(without_comment("# all").empty());
}
