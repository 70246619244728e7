#include "dns/answers/designated_resolver.h"

#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_reading.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::Bytes;
using sporvakt::Endpoint;
using sporvakt::IpAddress;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsReading;

using Octets = std::vector<std::uint8_t>;

TEST_GROUP(DesignatedResolver) {
    std::array<std::uint8_t, 512> out{};
    const Query question = *Query::parse(DnsBuilder::query("_dns.resolver.arpa", 64).build());

    Octets designated(std::string_view asked, const std::vector<std::string>& listening) {
        std::vector<Endpoint> tls;
        for (const std::string& text : listening) {
            tls.push_back(*Endpoint::from_text(text));
        }
        const std::size_t length =
            write_designation(out, question, *IpAddress::from_text(asked), tls);
        return length == 0 ? Octets{} : DnsReading(Bytes(out).first(length)).data_of(64);
    }
    static Octets joined(std::initializer_list<Octets> parts) {
        Octets all;
        for (const Octets& part : parts) {
            all.insert(all.end(), part.begin(), part.end());
        }
        return all;
    }
};

TEST(DesignatedResolver, IsAskedForBySvcbOfItsName) {
    const auto asks = [](std::string_view name, std::uint16_t type) {
        return asks_for_designation(*Query::parse(DnsBuilder::query(name, type).build()));
    };

    CHECK_TRUE(asks("_dns.resolver.arpa", 64));
    CHECK_TRUE(asks("_DNS.Resolver.arpa", 64));
    CHECK_FALSE(asks("_dns.resolver.arpa", 65));
    CHECK_FALSE(asks("resolver.arpa", 64));
    CHECK_FALSE(asks("x._dns.resolver.arpa", 64));
}

TEST(DesignatedResolver, HasItsNamePortAndAddress) {
    const Octets head = joined(
        {{0, 1}, DnsBuilder::wire_name("sporvakt.home.arpa"), {0, 1, 0, 4, 3, 'd', 'o', 't'}});

    CHECK(designated("192.168.1.1", {"192.168.1.1:853"}) ==
          joined({head, {0, 3, 0, 2, 3, 0x55}, {0, 4, 0, 4, 192, 168, 1, 1}}));
    CHECK(designated("fd00::1", {"192.168.1.1:853", "[fd00::1]:8530"}) ==
          joined({head, {0, 3, 0, 2, 0x21, 0x52}, {0, 6, 0, 16, 0xfd}, Octets(14), {1}}));
}

TEST(DesignatedResolver, IsAtEveryAddressWhenItListensOnAll) {
    CHECK_FALSE(designated("192.168.7.1", {"0.0.0.0:853"}).empty());
    CHECK_FALSE(designated("fd00::1", {"[::]:853"}).empty());
    CHECK_TRUE(designated("fd00::1", {"0.0.0.0:853"}).empty());
}

TEST(DesignatedResolver, IsNotWhereNobodyListens) {
    CHECK_TRUE(designated("192.168.1.2", {"192.168.1.1:853"}).empty());
    CHECK_TRUE(designated("192.168.1.1", {}).empty());
    CHECK_TRUE(designated("0.0.0.0", {"0.0.0.0:853"}).empty());
}
