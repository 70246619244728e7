#include "capture/http_head.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;

TEST_GROUP(HttpHead){};

TEST(HttpHead, GivesLinesWithoutTheirEnds) {
    std::string_view rest = "one\r\ntwo\n\r\nno end";
    CHECK(*take_line(rest) == "one");
    CHECK(*take_line(rest) == "two");
    CHECK(take_line(rest)->empty());
    CHECK(take_line(rest).error() == sporvakt::ParseError::Truncated);
    CHECK(rest == "no end");
}

TEST(HttpHead, TakesFieldsApart) {
    const auto field = field_in("Host: \t shop.example:80 ");
    CHECK(field->name == "Host");
    CHECK(field->value == "shop.example:80");
    CHECK(field_in("Empty:")->value.empty());
    CHECK_FALSE(field_in("no colon").has_value());
}
