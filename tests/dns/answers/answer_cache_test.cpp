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

    CHECK(cache.find("a", now) == kept);
    CHECK(cache.find("b", now) == nullptr);
}

TEST(AnswerCache, ForgetsAtTheEndOfTheLifetime) {
    cache.insert("a", answer());

    CHECK(cache.find("a", now + seconds(59)) != nullptr);
    CHECK(cache.find("a", now + seconds(60)) == nullptr);
    LONGS_EQUAL(0, cache.bytes());
}

TEST(AnswerCache, KeepsNothingThatHasNoLifetime) {
    cache.insert("a", answer(seconds(0)));

    CHECK(cache.find("a", now) == nullptr);
}

TEST(AnswerCache, ReplacesAnOlderAnswer) {
    cache.insert("a", answer());
    const std::size_t bytes = cache.bytes();
    const auto newer = answer();
    cache.insert("a", newer);

    CHECK(cache.find("a", now) == newer);
    LONGS_EQUAL(bytes, cache.bytes());
}

TEST(AnswerCache, NeverTakesMoreThanItsBytes) {
    for (int name = 0; name < 10000; ++name) {
        cache.insert("name " + std::to_string(name), answer());
        CHECK(cache.bytes() <= kBytesMax);
    }
    CHECK(cache.bytes() > kBytesMax / 2);
    CHECK(cache.find("name 9999", now) != nullptr);
}

TEST(AnswerCache, ForgetsFirstWhatWasNotUsedLately) {
    cache.insert("used", answer());
    cache.insert("unused", answer());
    for (int name = 0; name < 2000; ++name) {
        cache.insert("name " + std::to_string(name), answer());
        CHECK(cache.find("used", now) != nullptr);
    }

    CHECK(cache.find("unused", now) == nullptr);
}

TEST(AnswerCache, KeepsNoGiants) {
    auto giant = std::make_shared<StoredAnswer>(*answer());
    giant->plain.bytes.resize(60000);
    cache.insert("giant", giant);

    CHECK(cache.find("giant", now) == nullptr);
}
