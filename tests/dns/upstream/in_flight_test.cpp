#include "dns/upstream/in_flight.h"

#include "tests/support/dns/dns_builder.h"

#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::test::DnsBuilder;

TEST_GROUP(InFlight) {
    InFlight in_flight;
    Waiter waiter{0, *Query::parse(DnsBuilder::query("a.example", 1).build()), {}, {}, {}};
};

TEST(InFlight, LetsTheFirstAskAndTheOthersWait) {
    CHECK(in_flight.join("a", waiter) == Joined::Leads);
    CHECK(in_flight.join("a", waiter) == Joined::Follows);
    CHECK(in_flight.join("b", waiter) == Joined::Leads);
    LONGS_EQUAL(3, in_flight.waiting());
}

TEST(InFlight, GivesBackAllWhoWaited) {
    static_cast<void>(in_flight.join("a", waiter));
    waiter.worker = 3;
    static_cast<void>(in_flight.join("a", waiter));

    const auto waiters = in_flight.take("a");

    LONGS_EQUAL(2, waiters.size());
    LONGS_EQUAL(3, waiters[1].worker);
    LONGS_EQUAL(0, in_flight.waiting());
    CHECK(in_flight.join("a", waiter) == Joined::Leads);
}

TEST(InFlight, HasNobodyForAQuestionThatIsNotUnderWay) {
    LONGS_EQUAL(0, in_flight.take("a").size());
}

TEST(InFlight, TakesNoMoreThanItsLimit) {
    for (std::size_t count = 0; count < kWaitersMax; ++count) {
        CHECK(in_flight.join(std::to_string(count % 100), waiter) != Joined::Full);
    }

    CHECK(in_flight.join("one more", waiter) == Joined::Full);
    in_flight.take("0");
    CHECK(in_flight.join("one more", waiter) == Joined::Leads);
}

TEST(InFlight, PutsAQuestionUnderWayForNobody) {
    CHECK_TRUE(in_flight.lead("a"));
    CHECK_FALSE(in_flight.lead("a"));
    CHECK(in_flight.join("a", waiter) == Joined::Follows);
    LONGS_EQUAL(1, in_flight.take("a").size());
    LONGS_EQUAL(0, in_flight.waiting());
}
