#include "dns/upstream/forwarding.h"

#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/fake_upstream.h"
#include "tests/support/hand_clock.h"

#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::test::DnsBuilder;
using sporvakt::test::FakeUpstream;
using sporvakt::test::HandClock;
using std::chrono::milliseconds;

namespace {

class Taker final : public OutcomeTaker {
public:
    bool may_keep(const Query& /*query*/, const sporvakt::devices::DeviceId& /*device*/,
                  const StoredAnswer& /*answer*/) override {
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

    Waiter waiter(std::string_view name, std::uint16_t id = 1) const {
        return {0,  *Query::parse(DnsBuilder::query(name, 1).id(id).build()),
                {}, {},
                {}, clock.moment()};
    }
    // `count` questions that nobody has put, by the device that has this address.
    void ask_many(std::size_t count, std::string_view address) {
        for (std::size_t name = 0; name < count; ++name) {
            auto asking = waiter(fmt::format("name{}.for-{}.example", name, address));
            asking.device = sporvakt::devices::DeviceId(*sporvakt::IpAddress::from_text(address));
            forwarding.ask(asking);
        }
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
    WaitHistogram waits() const {
        ResolverCounts sum;
        counters.add_to(sum);
        return sum.waits;
    }
    std::uint64_t waited(milliseconds wait) const {
        return waits().counts.at(WaitHistogram::range_of(wait));
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
    for (int device = 1; device <= 20; ++device) {
        ask_many(Forwarding::kExchangeCountMax, fmt::format("192.168.1.{}", device));
    }

    LONGS_EQUAL(Forwarding::kExchangeCountMax, upstream.asked.size());
    LONGS_EQUAL(19 * Forwarding::kExchangeCountMax, taker.delivered.size());
    LONGS_EQUAL(19 * Forwarding::kExchangeCountMax, counted(Count::Overloaded));
}

TEST(Forwarding, KeepsPlacesForOthersBesideADeviceThatAsksWithoutEnd) {
    ask_many(2 * Forwarding::kExchangeCountMax, "192.168.1.66");
    LONGS_EQUAL(Forwarding::kExchangeCountMax / 2, upstream.asked.size());
    ask_many(2 * Forwarding::kExchangeCountMax, "192.168.1.67");
    LONGS_EQUAL(Forwarding::kExchangeCountMax * 3 / 4, upstream.asked.size());
    taker.delivered.clear();

    ask_many(50, "192.168.1.9");

    LONGS_EQUAL(0, taker.delivered.size());
}

TEST(Forwarding, GivesPlacesBackWithTheAnswers) {
    ask_many(Forwarding::kExchangeCountMax, "192.168.1.66");
    const std::size_t put = upstream.asked.size();
    for (std::size_t exchange = 0; exchange < put; ++exchange) {
        upstream.reply(exchange, {});
    }

    ask_many(Forwarding::kExchangeCountMax, "192.168.1.66");

    LONGS_EQUAL(2 * put, upstream.asked.size());
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
    ask_many(Forwarding::kExchangeCountMax, "192.168.1.66");

    auto asking = waiter("shop.example");
    asking.device = sporvakt::devices::DeviceId(*sporvakt::IpAddress::from_text("192.168.1.66"));
    forwarding.ask(asking);

    CHECK(taker.delivered.back().second.freshness == Freshness::Stale);
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

TEST(Forwarding, CountsHowLongEachClientWaited) {
    forwarding.ask(waiter("shop.example", 1));
    clock.turn(milliseconds(30));
    forwarding.ask(waiter("shop.example", 2));
    clock.turn(milliseconds(10));
    upstream.reply(0, reply("shop.example"));

    LONGS_EQUAL(2, waits().total());
    LONGS_EQUAL(1, waited(milliseconds(40)));
    LONGS_EQUAL(1, waited(milliseconds(10)));
}

TEST(Forwarding, CountsAWaitInVain) {
    forwarding.ask(waiter("shop.example"));
    clock.turn(milliseconds(3600));
    forwarding.expire();
    clock.turn(milliseconds(100));
    upstream.reply(0, {});

    LONGS_EQUAL(1, waits().total());
    LONGS_EQUAL(1, waited(milliseconds(3600)));
}

TEST(Forwarding, CountsNoWaitOfWhomTheInternetDidNotKeep) {
    forwarding.ask(waiter("shop.example"));
    upstream.reply(0, reply("shop.example"));
    const std::uint64_t before = waits().total();
    forwarding.ask(waiter("shop.example"));  // kept meanwhile
    forwarding.refresh(waiter("other.example"));
    upstream.reply(1, reply("other.example"));

    LONGS_EQUAL(2, taker.delivered.size());
    LONGS_EQUAL(before, waits().total());
}
