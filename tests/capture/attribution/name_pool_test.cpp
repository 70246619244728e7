#include "capture/attribution/name_pool.h"

#include <string>
#include <utility>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;

TEST_GROUP(NamePool) {
    NamePool names;
};

TEST(NamePool, HoldsANameOnceForAllWhoHaveIt) {
    const auto one = names.take("ads.example");
    const auto same = names.take("ads.example");
    const auto other = names.take("news.example");

    CHECK(one.text() == "ads.example");
    CHECK(one.text().data() == same.text().data());
    CHECK(one == same);
    CHECK_FALSE(one == other);
    LONGS_EQUAL(2, names.size());
    LONGS_EQUAL(2, one.copies());
    LONGS_EQUAL(1, other.copies());
    LONGS_EQUAL(NamePool::cost_of("ads.example") + NamePool::cost_of("news.example"), names.cost());
}

TEST(NamePool, ForgetsANameWithItsLastCopy) {
    auto first = names.take("ads.example");
    {
        NamePool::Name second = first;
        NamePool::Name third;
        third = std::move(second);
        first = {};
        CHECK(third.text() == "ads.example");
        LONGS_EQUAL(1, third.copies());
    }

    LONGS_EQUAL(0, names.size());
    LONGS_EQUAL(0, names.cost());
    CHECK_TRUE(first.empty());
    CHECK(first.text().empty());
}

TEST(NamePool, KeepsNothingForAnEmptyText) {
    CHECK_TRUE(names.take("").empty());
    LONGS_EQUAL(0, names.take("").copies());
    LONGS_EQUAL(0, names.cost());
}

TEST(NamePool, IsCrowdedByNamesThatAreNotTheSame) {
    std::vector<NamePool::Name> kept;
    for (int i = 0; i < 100'000; ++i) {
        kept.push_back(names.take("same.example"));
    }
    CHECK_FALSE(names.is_crowded());

    const std::string padding(240, 'a');
    while (!names.is_crowded()) {
        kept.push_back(names.take(padding + std::to_string(kept.size())));
    }
    CHECK(names.size() < 36'000);
    CHECK(names.size() > 34'000);

    kept.pop_back();
    CHECK_FALSE(names.is_crowded());
}
