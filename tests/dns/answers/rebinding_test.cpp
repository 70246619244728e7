#include "dns/answers/rebinding.h"

#include "dns/message/answer_writer.h"
#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_reading.h"

#include <array>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::Bytes;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsReading;

TEST_GROUP(Rebinding){static DnsReading answer(std::uint16_t type){
    std::array<std::uint8_t, kOwnAnswerLengthMax> out{};
const auto query = *Query::parse(DnsBuilder::query("evil.example", type).edns().build());
return DnsReading(Bytes(out).first(write_rebinding_answer(out, query, 10)));
}
}
;

TEST(Rebinding, GivesNoAddressAtAll) {
    for (const std::uint16_t type : {DnsBuilder::kA, DnsBuilder::kAaaa, DnsBuilder::kHttps}) {
        LONGS_EQUAL(0, answer(type).rcode());
        LONGS_EQUAL(0, answer(type).answers());
        LONGS_EQUAL(10, answer(type).ttl_of(DnsBuilder::kSoa));
    }
}

TEST(Rebinding, SaysWhy) {
    LONGS_EQUAL(15, answer(DnsBuilder::kA).extended_error());
    STRCMP_CONTAINS("DNS rebinding", answer(DnsBuilder::kA).extended_text().c_str());
}
