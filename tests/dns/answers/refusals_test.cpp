#include "dns/answers/refusals.h"

#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_reading.h"

#include <array>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::Bytes;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsReading;

TEST_GROUP(Refusals) {
    std::array<std::uint8_t, 512> out{};

    DnsReading refusal(const DnsBuilder& asked) {
        const Query query = *Query::parse(asked.build());
        return DnsReading(Bytes(out).first(write_refusal(out, query)));
    }
    DnsReading fault(QueryFault kind) {
        const auto message = DnsBuilder(0x2900).id(7).build();
        return DnsReading(Bytes(out).first(write_fault(out, message, kind)));
    }
};

TEST(Refusals, ServesOrdinaryQuestions) {
    LONGS_EQUAL(0, refusal(DnsBuilder::query("a.example", 1).edns()).size());
    LONGS_EQUAL(0, refusal(DnsBuilder::query("a.example", 65)).size());
}

TEST(Refusals, NeverAnswersRepliesOrScraps) {
    LONGS_EQUAL(0, fault(QueryFault::TooShort).size());
    LONGS_EQUAL(0, fault(QueryFault::IsReply).size());
}

TEST(Refusals, SaysWhatIsWrongWithAMessage) {
    LONGS_EQUAL(4, fault(QueryFault::Opcode).rcode());
    LONGS_EQUAL(1, fault(QueryFault::TrailingBytes).rcode());
    LONGS_EQUAL(1, fault(QueryFault::QuestionCount).rcode());
}

TEST(Refusals, KnowsEdnsVersionZeroOnly) {
    const DnsReading answer = refusal(DnsBuilder::query("a.example", 1).edns(1232, 0x10000));

    LONGS_EQUAL(0, answer.rcode());
    LONGS_EQUAL(1, answer.ttl_of(41) >> 24U);
    LONGS_EQUAL(0, (answer.ttl_of(41) >> 16U) & 0xff);
}

TEST(Refusals, ServesTheInternetClassOnly) {
    LONGS_EQUAL(5, refusal(DnsBuilder(0x0100).question("version.bind", 16, 3)).rcode());
}

TEST(Refusals, TransfersNoZones) {
    LONGS_EQUAL(5, refusal(DnsBuilder::query("a.example", 252)).rcode());
    LONGS_EQUAL(5, refusal(DnsBuilder::query("a.example", 41)).rcode());
}

TEST(Refusals, AnswersAnyWithAsLittleAsAllowed) {
    const DnsReading answer = refusal(DnsBuilder::query("a.example", 255));

    LONGS_EQUAL(0, answer.rcode());
    LONGS_EQUAL(1, answer.answers());
    CHECK(answer.data_of(13) ==
          (std::vector<std::uint8_t>{7, 'R', 'F', 'C', '8', '4', '8', '2', 0}));
}

TEST(Refusals, CountsEachFaultByItsReason) {
    CHECK(count_of(QueryFault::BadName) == Count::BadName);
    CHECK(count_of(QueryFault::CutShort) == Count::CutShort);
    CHECK(count_of(QueryFault::BadEdns) == Count::BadEdns);
    CHECK(count_of(QueryFault::ExtraRecords) == Count::ExtraRecords);
}
