#include "core/trackers/name_expressions.h"

#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::trackers::NameExpressions;

namespace {

using Numbers = std::vector<std::size_t>;

// RE2 makes a few things on first use and keeps them; made before the tests, they are nobody's
// leak.
const bool kIsRefused = NameExpressions::fault_of("((a{100}){100}){100}").has_value();

bool covers(const std::string& mask, const std::string& name) {
    NameExpressions expressions;
    CHECK(expressions.add(NameExpressions::of_wildcard(mask)));
    CHECK(expressions.compile());
    return !expressions.matches(name).empty();
}

}  // namespace

TEST_GROUP(NameExpressions){};

TEST(NameExpressions, TellsWhichMatch) {
    NameExpressions expressions;
    CHECK(expressions.add("^ads[0-9]*\\."));
    CHECK(expressions.add("metric"));
    CHECK(expressions.add("\\.example$"));
    CHECK_FALSE(expressions.add("("));
    CHECK(expressions.compile());

    LONGS_EQUAL(3, expressions.size());
    CHECK((expressions.matches("ads7.metrics.example") == Numbers{0, 1, 2}));
    CHECK((expressions.matches("METRICS.other") == Numbers{1}));
    CHECK(expressions.matches("heads.org").empty());
}

TEST(NameExpressions, NoneMatchesNothing) {
    NameExpressions none;
    CHECK(none.compile());
    CHECK(none.matches("a.example").empty());
}

TEST(NameExpressions, WhatNeedsMuchMemoryOrMatchesAllIsRefused) {
    CHECK(kIsRefused);
    CHECK(NameExpressions::fault_of("(?<=behind)x").has_value());
    CHECK(NameExpressions::fault_of(".*").has_value());
    CHECK(NameExpressions::fault_of(std::string(2000, 'a')).has_value());
    CHECK(!NameExpressions::fault_of("^ad[sv]?[0-9]*\\.").has_value());
}

TEST(NameExpressions, AStarStandsForAnyCharactersAndADotForItself) {
    CHECK(covers("ads*.example", "ads.example"));
    CHECK(covers("ads*.example", "ads-7.eu.example"));
    CHECK_FALSE(covers("ads*.example", "adsxexample"));
    CHECK_FALSE(covers("ads*.example", "my.ads.example"));
    CHECK_FALSE(covers("ads.example", "ads.example.org"));
    CHECK(covers("*-metrics.*", "app-metrics.shop.example"));
    CHECK(covers("a+b.example", "a+b.example"));  // nothing else is special
    CHECK_FALSE(covers("a+b.example", "aab.example"));
}
