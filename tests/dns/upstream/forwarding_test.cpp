#include "dns/upstream/forwarding.h"

#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/fake_upstream.h"
#include "tests/support/hand_clock.h"

#include <memory>
#include <utility>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::test::DnsBuilder;
using sporvakt::test::FakeUpstream;
using sporvakt::test::HandClock;
using std::chrono::milliseconds;

namespace {

class Taker final : public OutcomeTaker {
public:
    bool may_keep(const Waiter& /*leader*/, const StoredAnswer& /*answer*/) override {
        return keeps;
    }
    void deliver(const Waiter& waiter, const UpstreamOutcome& outcome) override {
        delivered.emplace_back(waiter.query.id(), outcome);
    }

    bool keeps = true;
    std::vector<std::pair<unsigned, UpstreamOutcome>> delivered;
};

}  // namespace

TEST_GROUP(Forwarding) {
    AnswerCache cache{std::size_t{1024} * 1024};
    InFlight in_flight;
    FakeUpstream upstream;
    HandClock clock;
    Counters counters;
    Taker taker;
    Forwarding forwarding{{cache, in_flight, upstream, clock, counters, taker}, milliseconds(3500)};

    static Waiter waiter(std::string_view name, std::uint16_t id = 1) {
        return {0, *Query::parse(DnsBuilder::query(name, 1).id(id).build()), {}, {}, {}};
    }
    static std::vector<std::uint8_t> reply(std::string_view name) {
        return DnsBuilder::reply(name, 1).a(name, {192, 0, 2, 1}).build();
    }
    // Exchange 0: an answer that has ended an hour ago.
    void keep_stale(std::string_view name) {
        forwarding.ask(waiter(name));
        upstream.reply(0, reply(name));
        taker.delivered.clear();
        clock.turn(std::chrono::minutes(65));
    }
    std::uint64_t counted(Count kind) const {
        ResolverCounts sum;
        counters.add_to(sum);
        return sum[kind];
    }
};

TEST(Forwarding, AsksOnceForAllWhoAskTheSame) {
    forwarding.ask(waiter("Shop.example", 1));
    forwarding.ask(waiter("shop.EXAMPLE", 2));
    upstream.reply(0, reply("shop.example"));

    LONGS_EQUAL(1, upstream.asked.size());
    STRCMP_EQUAL("shop.example.", upstream.asked[0].question.name.c_str());
    LONGS_EQUAL(2, taker.delivered.size());
    LONGS_EQUAL(2, taker.delivered[1].first);
    CHECK(taker.delivered[1].second.answer != nullptr);
}

TEST(Forwarding, KeepsTheAnswerForThoseWhoAskLater) {
    forwarding.ask(waiter("shop.example"));
    upstream.reply(0, reply("shop.example"));

    forwarding.ask(waiter("shop.example", 2));

    LONGS_EQUAL(1, upstream.asked.size());
    LONGS_EQUAL(2, taker.delivered.size());
}

TEST(Forwarding, KeepsNoAnswerThatWouldBeRefusedNow) {
    taker.keeps = false;
    forwarding.ask(waiter("shop.example"));
    upstream.reply(0, reply("shop.example"));

    LONGS_EQUAL(1, taker.delivered.size());
    LONGS_EQUAL(0, cache.bytes());
}

TEST(Forwarding, TakesAnAnswerThatComesAtOnce) {
    upstream.at_once["shop.example."] = reply("shop.example");

    forwarding.ask(waiter("shop.example"));

    CHECK(taker.delivered.at(0).second.answer != nullptr);
}

TEST(Forwarding, FailsWhatTheInternetDoesNotAnswer) {
    forwarding.ask(waiter("shop.example"));
    upstream.reply(0, {});

    CHECK(taker.delivered.at(0).second.answer == nullptr);
    CHECK(taker.delivered.at(0).second.failure == ExtendedError::NetworkError);
}

TEST(Forwarding, FailsWhatTheValidatorDoesNotBelieve) {
    forwarding.ask(waiter("shop.example"));
    upstream.reply(0, reply("shop.example"), Security::Bogus);

    CHECK(taker.delivered.at(0).second.failure == ExtendedError::DnssecBogus);
    LONGS_EQUAL(0, cache.bytes());
}

TEST(Forwarding, TakesNoAnswerToAnotherQuestion) {
    forwarding.ask(waiter("shop.example"));
    forwarding.ask(waiter("mail.example"));
    upstream.reply(0, reply("s.example"));
    upstream.reply(1, DnsBuilder::reply("mail.example", 28).build());

    CHECK(taker.delivered.at(0).second.answer == nullptr);
    CHECK(taker.delivered.at(1).second.answer == nullptr);
}

TEST(Forwarding, GivesUpWhenTimeIsOverAndStillKeepsALateAnswer) {
    forwarding.ask(waiter("shop.example"));
    clock.turn(milliseconds(3499));
    forwarding.expire();
    LONGS_EQUAL(0, taker.delivered.size());
    clock.turn(milliseconds(1));
    forwarding.expire();
    forwarding.expire();

    LONGS_EQUAL(1, taker.delivered.size());
    CHECK(taker.delivered[0].second.failure == ExtendedError::NoReachableAuthority);
    upstream.reply(0, reply("shop.example"));
    LONGS_EQUAL(1, taker.delivered.size());
    CHECK(cache.bytes() > 0);
}

TEST(Forwarding, DoesNotFailThoseWhoAskAgainByAnOldFailure) {
    forwarding.ask(waiter("shop.example"));
    clock.turn(milliseconds(3500));
    forwarding.expire();
    forwarding.ask(waiter("shop.example", 2));
    upstream.reply(0, {});

    LONGS_EQUAL(1, taker.delivered.size());
    upstream.reply(1, reply("shop.example"));
    CHECK(taker.delivered.at(1).second.answer != nullptr);
}

TEST(Forwarding, PutsNoMoreQuestionsThanItsLimit) {
    for (std::size_t name = 0; name <= Forwarding::kExchangeCountMax; ++name) {
        forwarding.ask(waiter("name" + std::to_string(name) + ".example"));
    }

    LONGS_EQUAL(Forwarding::kExchangeCountMax, upstream.asked.size());
    LONGS_EQUAL(1, taker.delivered.size());
    LONGS_EQUAL(1, counted(Count::Overloaded));
}

TEST(Forwarding, GivesAStaleAnswerWhenTheInternetIsSlow) {
    keep_stale("shop.example");

    forwarding.ask(waiter("shop.example"));
    clock.turn(milliseconds(1799));
    forwarding.expire();
    LONGS_EQUAL(0, taker.delivered.size());
    clock.turn(milliseconds(1));
    forwarding.expire();

    CHECK(taker.delivered.at(0).second.answer != nullptr);
    CHECK(taker.delivered[0].second.freshness == Freshness::Stale);
}

TEST(Forwarding, GivesAStaleAnswerWhenTheInternetFails) {
    keep_stale("shop.example");

    forwarding.ask(waiter("shop.example"));
    upstream.reply(1, {});

    CHECK(taker.delivered.at(0).second.freshness == Freshness::Stale);
}

TEST(Forwarding, HidesNoBogusAnswerBehindAStaleOne) {
    keep_stale("shop.example");

    forwarding.ask(waiter("shop.example"));
    upstream.reply(1, reply("shop.example"), Security::Bogus);

    CHECK(taker.delivered.at(0).second.answer == nullptr);
}

TEST(Forwarding, LetsNobodyWaitAgainWhileTheInternetIsSilent) {
    keep_stale("shop.example");
    forwarding.ask(waiter("shop.example", 1));
    clock.turn(milliseconds(1800));
    forwarding.expire();

    forwarding.ask(waiter("shop.example", 2));

    LONGS_EQUAL(2, taker.delivered.size());
    CHECK(taker.delivered[1].second.freshness == Freshness::Stale);
    LONGS_EQUAL(2, upstream.asked.size());  // the first, and the one that is under way still
}

TEST(Forwarding, IsFreshAgainOnceTheInternetAnswers) {
    keep_stale("shop.example");
    forwarding.ask(waiter("shop.example", 1));
    clock.turn(milliseconds(1800));
    forwarding.expire();
    upstream.reply(1, reply("shop.example"));

    forwarding.ask(waiter("shop.example", 2));

    CHECK(taker.delivered.at(1).second.freshness == Freshness::Fresh);
    LONGS_EQUAL(2, upstream.asked.size());
}

TEST(Forwarding, GivesAStaleAnswerWhenTooManyQuestionsAreUnderWay) {
    keep_stale("shop.example");
    for (std::size_t name = 0; name < Forwarding::kExchangeCountMax; ++name) {
        forwarding.ask(waiter("name" + std::to_string(name) + ".example"));
    }

    forwarding.ask(waiter("shop.example"));

    CHECK(taker.delivered.at(0).second.freshness == Freshness::Stale);
}

TEST(Forwarding, FetchesAnewForNobody) {
    forwarding.refresh(waiter("shop.example"));
    forwarding.refresh(waiter("shop.example"));
    upstream.reply(0, reply("shop.example"));

    LONGS_EQUAL(1, upstream.asked.size());
    LONGS_EQUAL(0, taker.delivered.size());
    CHECK(cache.bytes() > 0);
    LONGS_EQUAL(1, counted(Count::Prefetched));
}

TEST(Forwarding, AnswersThoseWhoComeWhileItFetchesAnew) {
    forwarding.refresh(waiter("shop.example"));
    forwarding.ask(waiter("shop.example", 2));
    upstream.reply(0, reply("shop.example"));

    LONGS_EQUAL(1, taker.delivered.size());
    LONGS_EQUAL(2, taker.delivered[0].first);
}
