#include "dns/message/inspection.h"

#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_reading.h"

#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::Bytes;
using sporvakt::ParseError;
using sporvakt::RecordType;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsReading;

using Octets = std::vector<std::uint8_t>;
using Texts = std::vector<std::string>;
using std::chrono::seconds;

TEST_GROUP(Inspection){
    static StoredAnswer inspected(const DnsBuilder& reply, RecordType type = RecordType::A){
        return *inspect_reply(reply.build(), type);
}
}
;

TEST(Inspection, ListsWhereAnAnswerLeads) {
    const StoredAnswer answer = inspected(DnsBuilder::reply("shop.example", 1)
                                              .cname("shop.example", "X.Tracker.example")
                                              .cname("x.tracker.example", "y.cdn.example")
                                              .a("y.cdn.example", {192, 0, 2, 1}));

    CHECK(answer.targets == (Texts{"x.tracker.example", "y.cdn.example", "192.0.2.1"}));
}

TEST(Inspection, ListsTargetsAndHintsOfServiceRecords) {
    const StoredAnswer answer =
        inspected(DnsBuilder::reply("shop.example", 65)
                      .https("shop.example", "svc.cdn.example", 4, {192, 0, 2, 1, 192, 0, 2, 2})
                      .https("shop.example", "", 6, Octets(16)),
                  RecordType::Https);

    CHECK(answer.targets == (Texts{"svc.cdn.example", "192.0.2.1", "192.0.2.2", "::"}));
}

TEST(Inspection, LivesAsLongAsItsShortestRecord) {
    const StoredAnswer answer = inspected(DnsBuilder::reply("shop.example", 1)
                                              .ttl(60)
                                              .cname("shop.example", "y.cdn.example")
                                              .ttl(300)
                                              .a("y.cdn.example", {192, 0, 2, 1}));

    LONGS_EQUAL(60, answer.lifetime.count());
}

TEST(Inspection, LivesADayAtMost) {
    const StoredAnswer answer = inspected(
        DnsBuilder::reply("shop.example", 1).ttl(604800).a("shop.example", {192, 0, 2, 1}));

    LONGS_EQUAL(86400, answer.lifetime.count());
}

TEST(Inspection, RemembersThatThereIsNoneAsLongAsTheZoneSays) {
    const auto none = DnsBuilder::reply("no.example", 1).rcode(3).ttl(900).soa("example", 120);
    const auto long_none = DnsBuilder::reply("no.example", 1).ttl(90000).soa("example", 90000);

    LONGS_EQUAL(120, inspected(none).lifetime.count());
    LONGS_EQUAL(3600, inspected(long_none).lifetime.count());
}

TEST(Inspection, DoesNotRememberWithoutAnSoaOrAfterAFailure) {
    LONGS_EQUAL(0, inspected(DnsBuilder::reply("no.example", 1).rcode(3)).lifetime.count());
    LONGS_EQUAL(0, inspected(DnsBuilder::reply("no.example", 1)).lifetime.count());
    LONGS_EQUAL(
        0,
        inspected(DnsBuilder::reply("no.example", 1).rcode(2).soa("example", 60)).lifetime.count());
    LONGS_EQUAL(0, inspected(DnsBuilder::reply("a.example", 1).cname("a.example", "b.example"))
                       .lifetime.count());
}

TEST(Inspection, KeepsProofsApart) {
    const Octets signature = [] {
        Octets data(18, 0);
        data[1] = 1;
        const Octets signer = DnsBuilder::wire_name("example");
        data.insert(data.end(), signer.begin(), signer.end());
        data.insert(data.end(), 64, 7);
        return data;
    }();
    const StoredAnswer answer = inspected(DnsBuilder::reply("shop.example", 1)
                                              .a("shop.example", {192, 0, 2, 1})
                                              .answer("shop.example", 46, signature));

    LONGS_EQUAL(1, DnsReading(answer.plain.bytes).answers());
    CHECK_TRUE(answer.full.has_value());
    LONGS_EQUAL(2, DnsReading(answer.full->bytes).answers());
    LONGS_EQUAL(2, answer.full->ttls_at.size());
}

TEST(Inspection, TakesOffTheUpstreamsEdns) {
    const StoredAnswer answer = inspected(
        DnsBuilder::reply("shop.example", 1).a("shop.example", {192, 0, 2, 1}).edns(4096, 0x8000));

    CHECK_FALSE(DnsReading(answer.plain.bytes).first(41).has_value());
}

TEST(Inspection, KeepsTheResponseCode) {
    const StoredAnswer answer =
        inspected(DnsBuilder::reply("no.example", 1).rcode(3).soa("example", 60).edns());

    LONGS_EQUAL(3, DnsReading(answer.plain.bytes).rcode());
}

TEST(Inspection, RefusesAReplyAtEveryLengthShortOfTheWhole) {
    const auto whole = DnsBuilder::reply("shop.example", 65)
                           .https("shop.example", "svc.cdn.example", 4, {192, 0, 2, 1})
                           .build();

    for (std::size_t length = 0; length < whole.size(); ++length) {
        CHECK_FALSE(inspect_reply(Bytes(whole).first(length), RecordType::Https).has_value());
    }
}

TEST(Inspection, RefusesHintsThatAreNoAddresses) {
    const auto reply =
        DnsBuilder::reply("shop.example", 65).https("shop.example", "", 4, {192, 0, 2}).build();

    CHECK(inspect_reply(reply, RecordType::Https).error() == ParseError::Malformed);
}

TEST(Inspection, RefusesMoreTargetsThanItWouldJudge) {
    auto reply = DnsBuilder::reply("shop.example", 1);
    for (std::size_t target = 0; target <= kTargetsMax; ++target) {
        reply.a("shop.example", {10, 0, 0, static_cast<std::uint8_t>(target)});
    }

    CHECK(inspect_reply(reply.build(), RecordType::A).error() == ParseError::LimitExceeded);
}

TEST(Inspection, DoesNotTakeADotInsideALabelForTwoLabels) {
    auto reply = DnsBuilder::reply("shop.example", 65).https("shop.example", "axb.example", 1, {});
    auto bytes = reply.build();
    for (std::size_t at = 0; at + 2 < bytes.size(); ++at) {
        if (bytes[at] == 'a' && bytes[at + 1] == 'x' && bytes[at + 2] == 'b') {
            bytes[at + 1] = '.';
        }
    }

    CHECK_TRUE(inspect_reply(bytes, RecordType::Https)->targets.empty());
}

TEST(Inspection, SeesWhereAnAnswerLeadsInside) {
    const auto inside = inspect_reply(
        DnsBuilder::reply("a.example", 1).a("a.example", {10, 0, 0, 1}).build(), RecordType::A);
    const auto outside = inspect_reply(
        DnsBuilder::reply("a.example", 1).a("a.example", {192, 0, 2, 1}).build(), RecordType::A);

    CHECK_TRUE(inside->leads_inside);
    CHECK_FALSE(outside->leads_inside);
}
