#include "capture/attribution/coalesced_names.h"

#include "capture/flow_table.h"
#include "capture/frame.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using sporvakt::Endpoint;
using sporvakt::IpAddress;
using sporvakt::Timestamp;
using sporvakt::devices::DeviceId;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_GROUP(CoalescedNames) {
    NamePool pool;
    FlowTable table{[](Flow&) {}};
    CoalescedNames names;
    DeviceId phone{*sporvakt::MacAddress::from_text("3c:22:fb:12:34:01")};
    DeviceId television{*sporvakt::MacAddress::from_text("3c:22:fb:12:34:02")};
    Timestamp start{seconds(1000)};
    std::uint16_t port = 40000;

    Flow& flow_to(const char* server, const char* name, const DeviceId& device) {
        const Endpoint client{*IpAddress::from_text("192.168.1.20"), ++port};
        Flow& flow = *table.begin(kProtocolTcp, {client, *Endpoint::from_text(server), device});
        flow.is_countable = true;
        flow.is_answered = true;
        flow.origin = NameOrigin::Tls;
        flow.naming = Naming::Done;
        flow.attribute().claimed = pool.take(name);
        flow.first_seen = start - seconds(10);
        names.named(flow);
        return flow;
    }
    Flow& fonts() {
        return flow_to("203.0.113.80:443", "fonts.example", phone);
    }
    void resolve(const char* name, Timestamp at, const char* address = "203.0.113.80",
                 seconds ttl = seconds(300)) {
        names.resolved({phone, name, {*IpAddress::from_text(address)}, ttl, at});
    }
    std::size_t due(seconds after = CoalescedNames::kPatience) {
        return names.take_due(start + after).size();
    }
};

TEST(CoalescedNames, RideWhenTheirAddressIsThatOfAFlowThatGoesOn) {
    Flow& flow = fonts();
    CHECK_FALSE(flow.may_carry);
    resolve("counter.example", start);
    CHECK_TRUE(flow.may_carry);
    names.sent(flow, start + milliseconds(20));
    CHECK_FALSE(flow.may_carry);

    LONGS_EQUAL(0, due(seconds(5)));
    const auto contacts = names.take_due(start + CoalescedNames::kPatience);
    LONGS_EQUAL(1, contacts.size());
    STRCMP_EQUAL("counter.example", contacts[0].name.c_str());
    CHECK(contacts[0].device == phone);
    CHECK(contacts[0].at == start + milliseconds(20));
    CHECK(contacts[0].until == contacts[0].at + seconds(300));
    LONGS_EQUAL(0, due());  // once
}

TEST(CoalescedNames, DoNotRideWhenNothingWasSentInTime) {
    Flow& flow = fonts();
    resolve("counter.example", start);
    LONGS_EQUAL(0, due());

    resolve("counter.example", start);
    names.sent(flow, start + CoalescedNames::kRequestWithin + milliseconds(1));
    CHECK_FALSE(flow.may_carry);
    LONGS_EQUAL(0, due());
}

TEST(CoalescedNames, DoNotRideWhenAFlowOfTheirOwnBegins) {
    Flow& flow = fonts();
    resolve("counter.example", start);
    names.sent(flow, start + milliseconds(20));
    flow_to("203.0.113.81:443", "counter.example", phone);
    resolve("counter.example", start + seconds(1));  // the answer for another type comes late
    names.sent(flow, start + seconds(1));

    LONGS_EQUAL(0, due());
}

TEST(CoalescedNames, DoNotRideWhenTheirOwnFlowSendsTheRequest) {
    Flow& other = fonts();
    Flow& own = flow_to("203.0.113.80:443", "counter.example", phone);
    resolve("counter.example", start);
    names.sent(own, start + milliseconds(5));
    names.sent(other, start + milliseconds(20));

    LONGS_EQUAL(0, due());
}

TEST(CoalescedNames, RideOnlyOnAnsweredWebFlowsOfTheSameDevice) {
    Flow& unanswered = fonts();
    unanswered.is_answered = false;
    Flow& elsewhere = flow_to("203.0.113.99:443", "shop.example", phone);
    Flow& another_port = flow_to("203.0.113.80:8443", "shop.example", phone);
    Flow& neighbour = flow_to("203.0.113.80:443", "shop.example", television);
    resolve("counter.example", start);

    CHECK_FALSE(elsewhere.may_carry);
    CHECK_FALSE(another_port.may_carry);
    CHECK_FALSE(neighbour.may_carry);
    names.sent(unanswered, start + milliseconds(20));
    LONGS_EQUAL(0, due());
}

TEST(CoalescedNames, RideOnAFlowThatBeginsJustAfterwardsBehindItsOwnRequest) {
    resolve("counter.example", start);
    Flow& flow = fonts();
    flow.first_seen = start + milliseconds(50);
    CHECK_TRUE(flow.may_carry);
    names.sent(flow, start + milliseconds(100));  // the end of the handshake
    names.sent(flow, start + milliseconds(110));  // what the flow was opened for
    CHECK_TRUE(flow.may_carry);
    names.sent(flow, start + milliseconds(120));

    LONGS_EQUAL(1, due());
}

TEST(CoalescedNames, AreOneContactForAllTheirAnswers) {
    Flow& flow = fonts();
    resolve("counter.example", start, "203.0.113.90");
    resolve("counter.example", start + milliseconds(1), "203.0.113.80");
    resolve("counter.example", start + milliseconds(2), "2001:db8::80");
    names.sent(flow, start + milliseconds(20));

    LONGS_EQUAL(1, due());
}

TEST(CoalescedNames, AreNotLookedForInAPlaceThatHasAnotherFlowNow) {
    Flow& flow = fonts();
    table.end(flow);
    Flow& later = flow_to("203.0.113.99:443", "shop.example", phone);
    POINTERS_EQUAL(&flow, &later);  // the table gives the place out again
    resolve("counter.example", start);

    CHECK_FALSE(later.may_carry);
}

TEST(CoalescedNames, AreWaitedForInBoundedNumbersOfEachDevice) {
    Flow& flow = fonts();
    for (std::size_t i = 0; i < 2 * CoalescedNames::kShareMax; ++i) {
        resolve(("n" + std::to_string(i) + ".example").c_str(), start);
    }
    names.resolved({television, "n.example", {*IpAddress::from_text("203.0.113.80")}, {}, start});
    Flow& neighbour = flow_to("203.0.113.80:443", "shop.example", television);
    names.sent(flow, start + milliseconds(20));
    names.sent(neighbour, start + milliseconds(20));

    LONGS_EQUAL(CoalescedNames::kShareMax + 1, due());
}

TEST(CoalescedNames, AreForgottenWhenTheClockIsSetBack) {
    Flow& flow = fonts();
    resolve("counter.example", start);
    names.sent(flow, start + milliseconds(20));

    LONGS_EQUAL(1, names.take_due(start - seconds(3600)).size());
}
