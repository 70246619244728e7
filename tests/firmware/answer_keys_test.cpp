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

TEST(AnswerKeys, TheLocalDomainIsHomeArpaUnlessSaid) {
    STRCMP_EQUAL("home.arpa", dns_of("").local.name.c_str());
    STRCMP_EQUAL("lan", dns_of("local_domain = \"LAN.\"").local.name.c_str());
    for (const char* value : {"\"\"", "7", "\"a b\"", "\"192.168.1.1\""}) {
        STRCMP_CONTAINS("sporvakt.toml:2: dns.local_domain",
                        fault_of("local_domain = " + std::string(value)).c_str());
    }
}

TEST(AnswerKeys, RecordsMapNamesToAddressesOrToOtherNames) {
    const auto records = dns_of(R"(
[[dns.record]]
name = "Printer.example"
address = ["192.168.1.20", "fd00::20"]
[[dns.record]]
name = "bøker.example"
cname = "www.example.com."
)")
                             .local.records;

    LONGS_EQUAL(2, records.size());
    STRCMP_EQUAL("printer.example", records[0].name.c_str());
    CHECK(records[0].addresses ==
          (std::vector{*IpAddress::from_text("192.168.1.20"), *IpAddress::from_text("fd00::20")}));
    STRCMP_EQUAL("xn--bker-gra.example", records[1].name.c_str());
    STRCMP_EQUAL("www.example.com", records[1].alias.c_str());
}

TEST(AnswerKeys, RecordsThatCannotBeAreToldWithTheirLine) {
    const auto fault = [](const std::string& lines) {
        return fault_of("[[dns.record]]\n" + lines);
    };
    STRCMP_CONTAINS("sporvakt.toml:2: dns.record: name is missing",
                    fault("cname = \"a.example\"").c_str());
    STRCMP_CONTAINS("sporvakt.toml:2: dns.record: write either",
                    fault("name = \"a.example\"").c_str());
    STRCMP_CONTAINS(
        "sporvakt.toml:2: dns.record: write either",
        fault("name = \"a.example\"\ncname = \"b.example\"\naddress = [\"10.0.0.1\"]").c_str());
    STRCMP_CONTAINS("sporvakt.toml:3: dns.record: name: 'a b' is not a host name",
                    fault("name = \"a b\"\ncname = \"b.example\"").c_str());
    STRCMP_CONTAINS("sporvakt.toml:4: dns.record: 'x' is not an IP address",
                    fault("name = \"a.example\"\naddress = [\"x\"]").c_str());
    STRCMP_CONTAINS("sporvakt.toml:4: dns.record: address must be a list of 1 to 8",
                    fault("name = \"a.example\"\naddress = []").c_str());
    STRCMP_CONTAINS("sporvakt.toml:4: unknown key 'adress' in [[dns.record]]",
                    fault("name = \"a.example\"\nadress = []").c_str());
    STRCMP_CONTAINS("sporvakt.toml:5: dns.record: 'a.example' stands there twice",
                    fault("name = \"a.example\"\ncname = \"b.example\"\n[[dns.record]]\n"
                          "name = \"a.example\"\ncname = \"c.example\"")
                        .c_str());
    STRCMP_CONTAINS("dns.record must be written as [[dns.record]]", fault_of("record = 7").c_str());
}

TEST(AnswerKeys, AliasesThatLeadInCirclesAreTold) {
    STRCMP_CONTAINS("leads in circles",
                    fault_of("[[dns.record]]\nname = \"a.example\"\ncname = \"b.example\"\n"
                             "[[dns.record]]\nname = \"b.example\"\ncname = \"a.example\"")
                        .c_str());
}

TEST(AnswerKeys, EncryptedHelloIsPassedOnUnlessSaid) {
    using sporvakt::dns::EncryptedHello;
    CHECK(dns_of("").answers.encrypted_hello == EncryptedHello::PassedOn);
    CHECK(dns_of("strip_ech = false").answers.encrypted_hello == EncryptedHello::PassedOn);
    CHECK(dns_of("strip_ech = true").answers.encrypted_hello == EncryptedHello::Stripped);
    STRCMP_CONTAINS("sporvakt.toml:2: dns.strip_ech", fault_of("strip_ech = 1").c_str());
}
