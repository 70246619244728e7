#include "firmware/answer_keys.h"

#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::IpAddress;
using sporvakt::dns::BlockingMode;
using sporvakt::firmware::Configuration;
using sporvakt::firmware::parse_configuration;

// Through the configuration that they are a part of.
TEST_GROUP(AnswerKeys){static Configuration::Dns dns_of(const std::string& lines){
    const auto read = parse_configuration("[dns]\n" + lines, "sporvakt.toml");
CHECK_TRUE(read.has_value());
return read.has_value() ? read->dns : Configuration::Dns{};
}
static std::string fault_of(const std::string& lines) {
    const auto read = parse_configuration("[dns]\n" + lines, "sporvakt.toml");
    return read ? "" : read.error().message;
}
static BlockingMode::Answer mode_of(const std::string& blocking) {
    return dns_of("blocking = " + blocking).answers.blocking.answer;
}
}
;

TEST(AnswerKeys, BlockingIsTheNullAddressForTenSecondsUnlessSaid) {
    CHECK(dns_of("").answers.blocking == BlockingMode{});
    LONGS_EQUAL(10, dns_of("").answers.blocking.ttl);
}

TEST(AnswerKeys, BlockingHasFourModesWithANameOfTheirOwn) {
    CHECK(mode_of("\"null\"") == BlockingMode::Answer::NullAddress);
    CHECK(mode_of("\"nxdomain\"") == BlockingMode::Answer::NoSuchName);
    CHECK(mode_of("\"nodata\"") == BlockingMode::Answer::NoData);
    CHECK(mode_of("\"refused\"") == BlockingMode::Answer::Refused);
}

TEST(AnswerKeys, BlockingMayPointToAddresses) {
    const BlockingMode both = dns_of("blocking = [\"192.168.1.1\", \"fd00::1\"]").answers.blocking;
    CHECK(both.answer == BlockingMode::Answer::OwnAddress);
    CHECK(both.ipv4 == IpAddress::from_text("192.168.1.1").value());
    CHECK(both.ipv6 == IpAddress::from_text("fd00::1").value());

    const BlockingMode one = dns_of("blocking = \"fd00::1\"").answers.blocking;
    CHECK(one.answer == BlockingMode::Answer::OwnAddress);
    CHECK_FALSE(one.ipv4.has_value());
}

TEST(AnswerKeys, BlockingThatCannotBeIsToldWithItsLine) {
    for (const char* value :
         {"\"nonsense\"", "7", "[]", "[\"192.168.1.1\", \"192.168.1.2\"]", "[\"x\"]", "[7]"}) {
        STRCMP_CONTAINS("sporvakt.toml:2: dns.blocking",
                        fault_of("blocking = " + std::string(value)).c_str());
    }
}

TEST(AnswerKeys, BlockingTtlIsSecondsUpToADay) {
    LONGS_EQUAL(0, dns_of("blocking_ttl = 0").answers.blocking.ttl);
    LONGS_EQUAL(86400, dns_of("blocking_ttl = 86400").answers.blocking.ttl);
    for (const char* value : {"-1", "86401", "\"10\"", "1.5"}) {
        STRCMP_CONTAINS("sporvakt.toml:2: dns.blocking_ttl",
                        fault_of("blocking_ttl = " + std::string(value)).c_str());
    }
}

TEST(AnswerKeys, CanaryNamesAreAllOrNoneOrThoseOfAList) {
    using Answered = decltype(sporvakt::dns::CanaryNames::answered);
    CHECK(dns_of("").answers.canary_names.answered == (Answered{true, true, true}));
    CHECK(dns_of("canary_names = false").answers.canary_names.answered ==
          (Answered{false, false, false}));
    CHECK(dns_of("canary_names = [\"mask.icloud.com\"]").answers.canary_names.answered ==
          (Answered{false, true, false}));
    STRCMP_CONTAINS("sporvakt.toml:3: dns.canary_names: known names are use-application-dns.net",
                    fault_of("canary_names = [\n\"example.com\"]").c_str());
    STRCMP_CONTAINS("sporvakt.toml:2: dns.canary_names", fault_of("canary_names = 1").c_str());
}
