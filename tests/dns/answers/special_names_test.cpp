#include "dns/answers/special_names.h"

#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_reading.h"

#include <array>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::Bytes;
using sporvakt::RecordType;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsReading;

using Octets = std::vector<std::uint8_t>;

TEST_GROUP(SpecialNames) {
    std::array<std::uint8_t, 512> out{};

    static bool is(SpecialAnswer expected, std::string_view name) {
        return special_answer(name, RecordType::A, CanaryNames{}) == expected;
    }
    static bool is_ordinary(std::string_view name) {
        return !special_answer(name, RecordType::A, CanaryNames{}).has_value();
    }
    DnsReading answer(std::string_view name, std::uint16_t type) {
        const Query query = *Query::parse(DnsBuilder::query(name, type).build());
        const auto special = special_answer(query.name(), query.type(), CanaryNames{});
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
}

TEST(SpecialNames, EachCanaryNameCanBeTurnedOffByItself) {
    for (std::size_t off = 0; off < kCanaryNames.size(); ++off) {
        CanaryNames names;
        names.answered.at(off) = false;
        for (std::size_t at = 0; at < kCanaryNames.size(); ++at) {
            const bool is_answered =
                special_answer(kCanaryNames.at(at), RecordType::A, names).has_value();
            CHECK_EQUAL(at != off, is_answered);
        }
    }
}

TEST(SpecialNames, AsksTheParentWhetherAZoneOfArpaIsSigned) {
    for (const char* zone : {"home.arpa", "10.in-addr.arpa", "168.192.in-addr.arpa", "d.f.ip6.arpa",
                             "ipv4only.arpa"}) {
        CHECK_FALSE(special_answer(zone, RecordType::Ds, {}).has_value());
        CHECK_TRUE(special_answer("a." + std::string(zone), RecordType::Ds, {}).has_value());
        CHECK_TRUE(special_answer(zone, RecordType::A, {}).has_value());
    }
    CHECK_TRUE(special_answer("localhost", RecordType::Ds, {}).has_value());
}

// One test a document, so that a reader finds each.

TEST(SpecialNames, Rfc6761LocalhostInvalidTestAndPrivateReverse) {
    CHECK_TRUE(is(SpecialAnswer::Loopback, "localhost"));
    CHECK_TRUE(is(SpecialAnswer::Loopback, "a.b.localhost"));
    CHECK_TRUE(is(SpecialAnswer::NoSuchName, "invalid"));
    CHECK_TRUE(is(SpecialAnswer::NoSuchName, "a.invalid"));
    CHECK_TRUE(is(SpecialAnswer::NoSuchName, "test"));
    CHECK_TRUE(is(SpecialAnswer::NoSuchName, "a.test"));
    // §6.5: "caching DNS servers SHOULD NOT recognize example names as special".
    CHECK_TRUE(is_ordinary("example"));
    CHECK_TRUE(is_ordinary("www.example.com"));
    for (int second = 16; second <= 31; ++second) {
        CHECK_TRUE(
            is(SpecialAnswer::NoSuchName, "9.8." + std::to_string(second) + ".172.in-addr.arpa"));
    }
}

TEST(SpecialNames, Rfc6303LocallyServedZones) {
    for (const std::string zone : {"10", "168.192", "0", "127", "254.169", "2.0.192", "100.51.198",
                                   "113.0.203", "255.255.255.255"}) {
        CHECK_TRUE(is(SpecialAnswer::NoData, zone + ".in-addr.arpa"));
        CHECK_TRUE(is(SpecialAnswer::NoSuchName, "7." + zone + ".in-addr.arpa"));
    }
    for (const std::string zone : {"d.f", "8.e.f", "9.e.f", "a.e.f", "b.e.f", "8.b.d.0.1.0.0.2"}) {
        CHECK_TRUE(is(SpecialAnswer::NoData, zone + ".ip6.arpa"));
        CHECK_TRUE(is(SpecialAnswer::NoSuchName, "7." + zone + ".ip6.arpa"));
    }
}

TEST(SpecialNames, Rfc6762NamesOfMulticastDns) {
    CHECK_TRUE(is(SpecialAnswer::NoSuchName, "local"));
    CHECK_TRUE(is(SpecialAnswer::NoSuchName, "printer.local"));
}

TEST(SpecialNames, Rfc7686OnionNamesNeverReachTheInternet) {
    CHECK_TRUE(is(SpecialAnswer::NoSuchName, "onion"));
    CHECK_TRUE(is(SpecialAnswer::NoSuchName, "www.expyuzz4wqqyqhjn.onion"));
}

TEST(SpecialNames, Rfc7793SharedAddressSpace) {
    CHECK_TRUE(is_ordinary("1.1.63.100.in-addr.arpa"));
    CHECK_TRUE(is(SpecialAnswer::NoSuchName, "1.1.64.100.in-addr.arpa"));
    CHECK_TRUE(is(SpecialAnswer::NoSuchName, "1.1.127.100.in-addr.arpa"));
    CHECK_TRUE(is_ordinary("1.1.128.100.in-addr.arpa"));
}

TEST(SpecialNames, Rfc8375HomeArpa) {
    CHECK_TRUE(is(SpecialAnswer::NoData, "home.arpa"));
    CHECK_TRUE(is(SpecialAnswer::NoSuchName, "nas.home.arpa"));
    CHECK_TRUE(is_ordinary("myhome.arpa"));
}

TEST(SpecialNames, Rfc8880Ipv4OnlyArpa) {
    CHECK_TRUE(is(SpecialAnswer::Ipv4Only, "ipv4only.arpa"));
    CHECK_TRUE(is(SpecialAnswer::NoSuchName, "a.ipv4only.arpa"));
}

TEST(SpecialNames, Rfc9462ResolverArpa) {
    CHECK_TRUE(is(SpecialAnswer::NoData, "resolver.arpa"));
    CHECK_TRUE(is(SpecialAnswer::NoData, "_dns.resolver.arpa"));
}

TEST(SpecialNames, Rfc9476AltIsNotOfTheDns) {
    CHECK_TRUE(is(SpecialAnswer::NoSuchName, "alt"));
    CHECK_TRUE(is(SpecialAnswer::NoSuchName, "a.gns.alt"));
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
