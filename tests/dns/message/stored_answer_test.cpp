#include "dns/message/stored_answer.h"

#include "dns/message/inspection.h"
#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_reading.h"
#include "tests/support/dns/encrypted_hello_record.h"

#include <array>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::Bytes;
using sporvakt::Moment;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsReading;

TEST_GROUP(StoredAnswer) {
    std::array<std::uint8_t, 1232> out{};
    StoredAnswer stored;

    void setup() override {
        stored.plain = *stored_message(DnsBuilder::reply("shop.example", 1)
                                           .ttl(300)
                                           .a("shop.example", {192, 0, 2, 1})
                                           .build());
        stored.received = Moment(std::chrono::hours(5));
    }
    DnsReading answer(const DnsBuilder& asked, std::chrono::seconds age = {}) {
        const Query query = *Query::parse(asked.build());
        const auto room = std::span(out).first(query.udp_answer_max());
        return DnsReading(
            Bytes(out).first(write_stored_answer(room, query, stored, stored.received + age)));
    }
    DnsReading stale(const DnsBuilder& asked) {
        stored.lifetime = std::chrono::seconds(300);
        return answer(asked, stored.lifetime);
    }
};

TEST(StoredAnswer, IsGivenUnderTheClientsIdAndSpelling) {
    const auto asked = DnsBuilder::query("sHoP.eXample", 1).id(99);

    const DnsReading found = answer(asked);

    LONGS_EQUAL(99, found.id());
    LONGS_EQUAL(0x8180, found.flags());
    CHECK(found.question() == DnsReading(asked.build()).question());
}

TEST(StoredAnswer, Ages) {
    LONGS_EQUAL(300, answer(DnsBuilder::query("shop.example", 1)).ttl_of(1));
    LONGS_EQUAL(180,
                answer(DnsBuilder::query("shop.example", 1), std::chrono::seconds(120)).ttl_of(1));
    LONGS_EQUAL(0,
                answer(DnsBuilder::query("shop.example", 1), std::chrono::seconds(301)).ttl_of(1));
}

TEST(StoredAnswer, CarriesOurEdnsForThoseWhoUseIt) {
    const DnsReading found = answer(DnsBuilder::query("shop.example", 1).edns());

    LONGS_EQUAL(1232, found.first(41)->record_class);
    CHECK_FALSE(answer(DnsBuilder::query("shop.example", 1)).first(41).has_value());
}

TEST(StoredAnswer, KeepsProofsForThoseWhoAskForThem) {
    stored.full = stored_message(DnsBuilder::reply("shop.example", 1)
                                     .a("shop.example", {192, 0, 2, 1})
                                     .answer("shop.example", 46, std::vector<std::uint8_t>(20))
                                     .build());

    LONGS_EQUAL(1, answer(DnsBuilder::query("shop.example", 1).edns()).answers());
    LONGS_EQUAL(2, answer(DnsBuilder::query("shop.example", 1).edns(1232, 0x8000)).answers());
}

TEST(StoredAnswer, SaysAuthenticOnlyToThoseWhoUnderstandIt) {
    stored.is_authentic = true;

    LONGS_EQUAL(0, answer(DnsBuilder::query("shop.example", 1)).flags() & 0x20);
    LONGS_EQUAL(0x20, answer(DnsBuilder::query("shop.example", 1).flags(0x0120)).flags() & 0x20);
}

TEST(StoredAnswer, IsTruncatedWhereTheClientTakesLess) {
    auto reply = DnsBuilder::reply("shop.example", 1);
    for (std::uint8_t host = 0; host < 40; ++host) {
        reply.a("shop.example", {192, 0, 2, host});
    }
    stored.plain = *stored_message(reply.build());

    CHECK_TRUE(answer(DnsBuilder::query("shop.example", 1)).is_truncated());
    LONGS_EQUAL(40, answer(DnsBuilder::query("shop.example", 1).edns(2000)).answers());
}

TEST(StoredAnswer, IsMadeOfAWholeMessageOnly) {
    const auto whole =
        DnsBuilder::reply("shop.example", 1).a("shop.example", {192, 0, 2, 1}).build();

    for (std::size_t length = 0; length < whole.size(); ++length) {
        CHECK_FALSE(stored_message({whole.begin(), whole.begin() + static_cast<long>(length)}));
    }
    CHECK_TRUE(stored_message(whole).has_value());
}

TEST(StoredAnswer, WithoutHelloKeysIsNeverSaidToBeAuthentic) {
    using sporvakt::test::Ech;
    using sporvakt::test::service_data;
    const auto reply = DnsBuilder::reply("shop.example", 65)
                           .answer("shop.example", 65, service_data(Ech::Present))
                           .answer("shop.example", 46, std::vector<std::uint8_t>(83));
    StoredAnswer answer = *inspect_reply(reply.build(), sporvakt::RecordType::Https);
    answer.is_authentic = true;
    const Query query =
        *Query::parse(DnsBuilder::query("shop.example", 65).edns(1232, 0x8000).build());
    std::array<std::uint8_t, 1232> bytes{};

    const DnsReading whole(Bytes(bytes).first(write_stored_answer(bytes, query, answer, {})));
    CHECK(whole.data_of(65) == service_data(Ech::Present));
    LONGS_EQUAL(0x20, whole.flags() & 0x20U);
    const DnsReading stripped(
        Bytes(bytes).first(write_without_hello_keys(bytes, query, answer, {})));
    CHECK(stripped.data_of(65) == service_data(Ech::Absent));
    LONGS_EQUAL(0, stripped.flags() & 0x20U);
    CHECK_FALSE(stripped.first(46).has_value());
}

TEST(StoredAnswer, IsGoodForHalfAMinuteOnceItIsStale) {
    const DnsReading found = stale(DnsBuilder::query("shop.example", 1).edns());

    LONGS_EQUAL(30, found.ttl_of(1));
    LONGS_EQUAL(3, found.extended_error());
    LONGS_EQUAL(0, stale(DnsBuilder::query("shop.example", 1)).extended_error());
}

TEST(StoredAnswer, IsNotStaleBeforeItsLifetimeEnds) {
    stored.lifetime = std::chrono::seconds(300);
    const DnsReading found =
        answer(DnsBuilder::query("shop.example", 1).edns(), std::chrono::seconds(299));

    LONGS_EQUAL(1, found.ttl_of(1));
    LONGS_EQUAL(0, found.extended_error());
}

TEST(StoredAnswer, SaysThatADenialIsStale) {
    stored.plain =
        *stored_message(DnsBuilder::reply("shop.example", 1).rcode(3).soa("example", 60).build());

    const DnsReading found = stale(DnsBuilder::query("shop.example", 1).edns());

    LONGS_EQUAL(3, found.rcode());
    LONGS_EQUAL(19, found.extended_error());
}

TEST(StoredAnswer, IsVouchedForNoMoreOnceItIsStale) {
    stored.is_authentic = true;
    const auto asked = DnsBuilder::query("shop.example", 1).edns(1232, 0x8000);

    LONGS_EQUAL(0x0020, answer(asked).flags() & 0x0020U);
    LONGS_EQUAL(0, stale(asked).flags() & 0x0020U);
}
