#include "dns/answers/special_names.h"

#include "tests/support/dns_builder.h"
#include "tests/support/dns_reading.h"

#include <array>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::Bytes;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsReading;

using Octets = std::vector<std::uint8_t>;

TEST_GROUP(SpecialNames) {
    std::array<std::uint8_t, 512> out{};

    static bool is(SpecialAnswer expected, std::string_view name) {
        return special_answer(name, CanaryNames::Answered) == expected;
    }
    static bool is_ordinary(std::string_view name) {
        return !special_answer(name, CanaryNames::Answered).has_value();
    }
    DnsReading answer(std::string_view name, std::uint16_t type) {
        const Query query = *Query::parse(DnsBuilder::query(name, type).build());
        const auto special = special_answer(query.name(), CanaryNames::Answered);
        return DnsReading(Bytes(out).first(write_special_answer(out, query, *special)));
    }
};

TEST(SpecialNames, LeavesOrdinaryNamesAlone) {
    for (const char* name : {"example.com", "localhost.example.com", "mylocalhost", "arpa",
                             "8.8.8.8.in-addr.arpa", "1.1.32.172.in-addr.arpa", "icloud.com",
                             "1.63.100.in-addr.arpa", "1.128.100.in-addr.arpa", "x10.in-addr.arpa",
                             "a.use-application-dns.net", "", "e.f.ip6.arpa"}) {
        CHECK_TRUE(is_ordinary(name));
    }
}

TEST(SpecialNames, KeepsWhatIsNobodysOnTheInternet) {
    for (const char* name :
         {"invalid", "a.test", "x.onion", "printer.local", "nas.home.arpa", "1.0.0.10.in-addr.arpa",
          "1.1.16.172.in-addr.arpa", "1.1.31.172.in-addr.arpa", "4.1.168.192.in-addr.arpa",
          "1.1.254.169.in-addr.arpa", "1.64.100.in-addr.arpa", "1.127.100.in-addr.arpa",
          "1.0.d.f.ip6.arpa", "1.8.e.f.ip6.arpa"}) {
        CHECK_TRUE(is(SpecialAnswer::NoSuchName, name));
    }
}

TEST(SpecialNames, KnowsThatAZoneItselfExists) {
    CHECK_TRUE(is(SpecialAnswer::NoData, "10.in-addr.arpa"));
    CHECK_TRUE(is(SpecialAnswer::NoData, "home.arpa"));
}

TEST(SpecialNames, OffersNoEncryptedResolver) {
    CHECK_TRUE(is(SpecialAnswer::NoData, "_dns.resolver.arpa"));
    CHECK_TRUE(is(SpecialAnswer::NoData, "resolver.arpa"));
}

TEST(SpecialNames, AsksBrowsersToUseThisResolverUnlessTurnedOff) {
    CHECK_TRUE(is(SpecialAnswer::NoSuchName, "use-application-dns.net"));
    CHECK_TRUE(is(SpecialAnswer::NoData, "mask.icloud.com"));
    CHECK_TRUE(is(SpecialAnswer::NoData, "mask-h2.icloud.com"));
    CHECK_FALSE(special_answer("mask.icloud.com", CanaryNames::Forwarded).has_value());
}

TEST(SpecialNames, AnswersLocalhostWithLoopback) {
    CHECK(answer("db.LocalHost", 1).data_of(1) == (Octets{127, 0, 0, 1}));
    LONGS_EQUAL(1, answer("localhost", 28).data_of(28).at(15));
    LONGS_EQUAL(0, answer("localhost", 16).answers());
    LONGS_EQUAL(0, answer("localhost", 16).rcode());
}

TEST(SpecialNames, NamesLoopbackAddresses) {
    const std::string v6 = "1" + [] {
        std::string zeros;
        for (int nibble = 0; nibble < 31; ++nibble) {
            zeros += ".0";
        }
        return zeros;
    }() + ".ip6.arpa";

    CHECK(answer("1.0.0.127.in-addr.arpa", 12).data_of(12) == DnsBuilder::wire_name("localhost"));
    CHECK(answer(v6, 12).data_of(12) == DnsBuilder::wire_name("localhost"));
}

TEST(SpecialNames, TellsTheWellKnownAddressesOfIpv4Only) {
    const DnsReading found = answer("ipv4only.arpa", 1);

    LONGS_EQUAL(2, found.answers());
    CHECK(found.data_of(1) == (Octets{192, 0, 0, 170}));
    LONGS_EQUAL(0, answer("ipv4only.arpa", 28).answers());
}

TEST(SpecialNames, SaysNoSuchNameInAWayThatMayBeRemembered) {
    const DnsReading found = answer("a.invalid", 1);

    LONGS_EQUAL(3, found.rcode());
    LONGS_EQUAL(1, found.authorities());
}
