#include "dns/message/alias_answer.h"

#include "dns/message/inspection.h"
#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_reading.h"

#include <array>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::Bytes;
using sporvakt::Moment;
using sporvakt::ParseError;
using sporvakt::RecordType;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsReading;

using Octets = std::vector<std::uint8_t>;

TEST_GROUP(AliasAnswer) {
    std::array<std::uint8_t, 1232> out{};

    DnsReading aliased(const DnsBuilder& reply, RecordType type = RecordType::A) {
        const StoredAnswer answer = *inspect_reply(reply.build(), type);
        const auto number = static_cast<std::uint16_t>(type);
        const Query asked = *Query::parse(DnsBuilder::query("Shop.home.arpa", number).build());
        const auto whole = behind_alias(answer, asked, 60);
        return DnsReading(Bytes(out).first(write_stored_answer(out, asked, *whole, Moment{})));
    }
};

TEST(AliasAnswer, HoldsTheAliasAndWhatItsTargetAnswered) {
    const DnsReading answer = aliased(DnsBuilder::reply("www.shop.example", 1)
                                          .cname("www.shop.example", "edge.cdn.example")
                                          .a("edge.cdn.example", {192, 0, 2, 1})
                                          .a("edge.cdn.example", {192, 0, 2, 2}));

    LONGS_EQUAL(4, answer.answers());
    LONGS_EQUAL(0, answer.rcode());
    CHECK(answer.data_of(1) == (Octets{192, 0, 2, 1}));
    LONGS_EQUAL(60, answer.ttl_of(5));
    LONGS_EQUAL(300, answer.ttl_of(1));
    CHECK(answer.question() ==
          DnsReading(DnsBuilder::query("Shop.home.arpa", 1).build()).question());
    LONGS_EQUAL(4, answer.records().size());
}

TEST(AliasAnswer, SaysThatTheTargetDoesNotExist) {
    const DnsReading answer =
        aliased(DnsBuilder::reply("www.shop.example", 1).rcode(3).soa("shop.example", 60));

    LONGS_EQUAL(3, answer.rcode());
    LONGS_EQUAL(1, answer.answers());
    LONGS_EQUAL(1, answer.authorities());
}

TEST(AliasAnswer, IsNeverAuthentic) {
    StoredAnswer answer = *inspect_reply(
        DnsBuilder::reply("www.shop.example", 1).a("www.shop.example", {192, 0, 2, 1}).build(),
        RecordType::A);
    answer.is_authentic = true;
    const Query asked = *Query::parse(DnsBuilder::query("shop.home.arpa", 1).build());

    const auto whole = behind_alias(answer, asked, 60);

    CHECK_FALSE(whole->is_authentic);
    CHECK_FALSE(whole->full.has_value());
    CHECK(whole->targets == answer.targets);
}

TEST(AliasAnswer, IsAnErrorWhereTheAnswerCannotBeRead) {
    const Query asked = *Query::parse(DnsBuilder::query("shop.home.arpa", 1).build());

    CHECK_FALSE(behind_alias(StoredAnswer{}, asked, 60).has_value());
}
