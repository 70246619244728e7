#include "dns/message/answer_writer.h"

#include "core/base/big_endian.h"
#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_reading.h"

#include <array>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::Bytes;
using sporvakt::IpAddress;
using sporvakt::load16;
using sporvakt::load32;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsReading;

using Octets = std::vector<std::uint8_t>;

TEST_GROUP(AnswerWriter) {
    std::array<std::uint8_t, kOwnAnswerLengthMax> out{};

    static Query parsed(const DnsBuilder& builder) {
        return *Query::parse(builder.build());
    }
    DnsReading read(std::size_t length) {
        return DnsReading(Bytes(out).first(length));
    }
};

TEST(AnswerWriter, RepeatsIdQuestionAndRecursionDesired) {
    const auto asked = DnsBuilder::query("ShOp.example", 1).id(0xbeef);
    const Query query = parsed(asked);

    const DnsReading answer = read(AnswerWriter(out, query).finish());

    LONGS_EQUAL(0xbeef, answer.id());
    LONGS_EQUAL(0x8180, answer.flags());
    CHECK(answer.question() == DnsReading(asked.build()).question());
    LONGS_EQUAL(0, answer.records().size());
}

TEST(AnswerWriter, WritesAddressesOfBothFamilies) {
    const Query query = parsed(DnsBuilder::query("a.example", 1));
    AnswerWriter writer(out, query);
    writer.address(*IpAddress::from_text("192.0.2.1"), 60);
    const DnsReading answer =
        read(writer.address(*IpAddress::from_text("2001:db8::1"), 60).finish());

    LONGS_EQUAL(2, answer.answers());
    CHECK(answer.data_of(1) == (Octets{192, 0, 2, 1}));
    LONGS_EQUAL(16, answer.data_of(28).size());
}

TEST(AnswerWriter, SaysHowLongThereIsNone) {
    const Query query = parsed(DnsBuilder::query("a.example", 1));

    const DnsReading answer = read(AnswerWriter(out, query).negative(10).finish());

    LONGS_EQUAL(1, answer.authorities());
    LONGS_EQUAL(10, answer.ttl_of(6));
    LONGS_EQUAL(10, load32(answer.data_of(6), 18));
}

TEST(AnswerWriter, UsesEdnsOnlyWithClientsThatDo) {
    const Query plain = parsed(DnsBuilder::query("a.example", 1));
    const Query extended = parsed(DnsBuilder::query("a.example", 1).edns(4096, 0x8000));
    const ErrorReport report{ExtendedError::Blocked, "why"};

    CHECK_FALSE(read(AnswerWriter(out, plain).finish(report)).first(41).has_value());
    const DnsReading answer = read(AnswerWriter(out, extended).finish(report));

    LONGS_EQUAL(1232, answer.first(41)->record_class);
    LONGS_EQUAL(0x8000, answer.ttl_of(41));
    LONGS_EQUAL(15, answer.extended_error());
    STRCMP_EQUAL("why", answer.extended_text().c_str());
}

TEST(AnswerWriter, SplitsLongResponseCodesOverHeaderAndEdns) {
    const Query query = parsed(DnsBuilder::query("a.example", 1).edns());

    const DnsReading answer = read(AnswerWriter(out, query).rcode(Rcode::BadVers).finish());

    LONGS_EQUAL(0, answer.rcode());
    LONGS_EQUAL(1, answer.ttl_of(41) >> 24U);
}

TEST(AnswerWriter, CutsLongTextBetweenLettersAndFitsEveryClient) {
    const std::string label(63, 'x');
    const Query query = parsed(
        DnsBuilder::query(label + '.' + label + '.' + label + '.' + label.substr(2), 6).edns());
    const std::string text = std::string(kErrorTextMax - 1, 'a') + "ø";

    const DnsReading answer =
        read(AnswerWriter(out, query).negative(10).finish({ExtendedError::Blocked, text}));

    LONGS_EQUAL(kErrorTextMax - 1, answer.extended_text().size());
    CHECK(answer.size() <= kUdpSizePlain);
}

TEST(AnswerWriter, TellsClientsToComeBackByTcp) {
    const Query query = parsed(DnsBuilder::query("a.example", 1).edns());

    const DnsReading answer = read(write_truncated(out, query));

    CHECK_TRUE(answer.is_truncated());
    LONGS_EQUAL(1, answer.records().size());  // OPT
}

TEST(AnswerWriter, AnswersTheUnreadableWithAHeaderAlone) {
    const auto message = DnsBuilder(0x2900).id(7).build();

    const DnsReading answer = read(write_bare_error(out, message, Rcode::NotImp));

    LONGS_EQUAL(7, answer.id());
    LONGS_EQUAL(0xa904, answer.flags());
    LONGS_EQUAL(12, answer.size());
}

TEST(AnswerWriter, PutsWhatFollowsAnAliasUnderItsTarget) {
    const Query query = *Query::parse(DnsBuilder::query("a.example", 1).build());
    const WireName target("b.example");
    std::array<std::uint8_t, 512> bytes{};

    const std::size_t length = AnswerWriter(bytes, query)
                                   .alias(target.bytes(), 60)
                                   .address(*sporvakt::IpAddress::from_text("192.0.2.1"), 30)
                                   .finish();

    const DnsReading answer(Bytes(bytes).first(length));
    LONGS_EQUAL(2, answer.answers());
    const auto alias = *answer.first(5);
    const auto address = *answer.first(1);
    LONGS_EQUAL(0xc000 | alias.data_at, load16(bytes, address.name_at));
    LONGS_EQUAL(60, answer.ttl_of(5));
    LONGS_EQUAL(30, answer.ttl_of(1));
}
