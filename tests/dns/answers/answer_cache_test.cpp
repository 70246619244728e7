#include "dns/answers/answer_cache.h"

#include "tests/support/dns/dns_builder.h"

#include <memory>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::Moment;
using sporvakt::test::DnsBuilder;
using std::chrono::seconds;

TEST_GROUP(AnswerCache) {
    static constexpr std::size_t kBytesMax = std::size_t{256} * 1024;
    AnswerCache cache{kBytesMax};
    Moment now{std::chrono::hours(1)};

    std::shared_ptr<const StoredAnswer> answer(seconds lifetime = seconds(60)) const {
        auto stored = std::make_shared<StoredAnswer>();
        stored->plain = *stored_message(DnsBuilder::reply("a.example", 1).build());
        stored->lifetime = lifetime;
        stored->received = now;
        return stored;
    }
};

TEST(AnswerCache, FindsWhatItKept) {
    const auto kept = answer();
    cache.insert("a", kept);

    CHECK(cache.find("a", now).answer == kept);
    CHECK(cache.find("b", now).answer == nullptr);
}

TEST(AnswerCache, ForgetsAtTheEndOfTheLifetime) {
    cache.insert("a", answer());

    CHECK(cache.find("a", now + seconds(59)).answer != nullptr);
    CHECK(cache.find("a", now + seconds(60)).answer == nullptr);
}

TEST(AnswerCache, KeepsNothingThatHasNoLifetime) {
    cache.insert("a", answer(seconds(0)));

    CHECK(cache.find("a", now).answer == nullptr);
}

TEST(AnswerCache, ReplacesAnOlderAnswer) {
    cache.insert("a", answer());
    const std::size_t bytes = cache.bytes();
    const auto newer = answer();
    cache.insert("a", newer);

    CHECK(cache.find("a", now).answer == newer);
    LONGS_EQUAL(bytes, cache.bytes());
}

TEST(AnswerCache, NeverTakesMoreThanItsBytes) {
    for (int name = 0; name < 10000; ++name) {
        cache.insert("name " + std::to_string(name), answer());
        CHECK(cache.bytes() <= kBytesMax);
    }
    CHECK(cache.bytes() > kBytesMax / 2);
    CHECK(cache.find("name 9999", now).answer != nullptr);
}

TEST(AnswerCache, ForgetsFirstWhatWasNotUsedLately) {
    cache.insert("used", answer());
    cache.insert("unused", answer());
    for (int name = 0; name < 2000; ++name) {
        cache.insert("name " + std::to_string(name), answer());
        CHECK(cache.find("used", now).answer != nullptr);
    }

    CHECK(cache.find("unused", now).answer == nullptr);
}

TEST(AnswerCache, KeepsNoGiants) {
    auto giant = std::make_shared<StoredAnswer>(*answer());
    giant->plain.bytes.resize(60000);
    cache.insert("giant", giant);

    CHECK(cache.find("giant", now).answer == nullptr);
}

TEST(AnswerCache, GivesAStaleAnswerForADayMore) {
    const auto kept = answer(seconds(60));
    cache.insert("a", kept);

    CHECK(cache.find("a", now + seconds(60)).answer == nullptr);
    CHECK(cache.find_stale("a", now + seconds(60)) == kept);
    CHECK(cache.find_stale("a", now + seconds(60) + kStaleMax - seconds(1)) == kept);
    CHECK(cache.find_stale("a", now + seconds(60) + kStaleMax) == nullptr);
    LONGS_EQUAL(0, cache.bytes());
}

TEST(AnswerCache, LetsStaleAnswersMakeRoomFirst) {
    cache.insert("stale", answer(seconds(1)));
    now += seconds(2);
    for (int name = 0; name < 2000; ++name) {
        cache.insert("name " + std::to_string(name), answer());
        static_cast<void>(cache.find_stale("stale", now));
    }

    CHECK(cache.find_stale("stale", now) == nullptr);
}

TEST(AnswerCache, SaysOnceThatAPopularAnswerIsDue) {
    cache.insert("a", answer(seconds(100)));

    CHECK_FALSE(cache.find("a", now + seconds(95)).is_due);
    CHECK_TRUE(cache.find("a", now + seconds(96)).is_due);
    CHECK_FALSE(cache.find("a", now + seconds(97)).is_due);
}

TEST(AnswerCache, SaysOfNoAnswerThatItIsDueBeforeTheLastTenthOfItsLifetime) {
    cache.insert("a", answer(seconds(100)));

    for (const int age : {0, 50, 89}) {
        CHECK_FALSE(cache.find("a", now + seconds(age)).is_due);
    }
    CHECK_TRUE(cache.find("a", now + seconds(90)).is_due);
}

TEST(AnswerCache, BeginsAnewWithANewAnswer) {
    cache.insert("a", answer(seconds(100)));
    static_cast<void>(cache.find("a", now + seconds(95)));
    CHECK_TRUE(cache.find("a", now + seconds(95)).is_due);
    now += seconds(95);
    cache.insert("a", answer(seconds(100)));

    CHECK_FALSE(cache.find("a", now + seconds(95)).is_due);
    CHECK_TRUE(cache.find("a", now + seconds(95)).is_due);
}
