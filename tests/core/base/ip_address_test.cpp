#include "core/base/ip_address.h"

#include <array>
#include <string_view>

#include <CppUTest/TestHarness.h>

using sporvakt::Endpoint;
using sporvakt::IpAddress;
using sporvakt::IpFamily;

namespace {

IpAddress ip(std::string_view text) {
    return *IpAddress::from_text(text);
}

}  // namespace

TEST_GROUP(IpAddress){};

TEST(IpAddress, IsReadAndWrittenInOneForm) {
    STRCMP_EQUAL("192.0.2.7", ip("192.0.2.7").text().c_str());
    STRCMP_EQUAL("fd00::a", ip("FD00:0:0::000A").text().c_str());
}

TEST(IpAddress, MakesAMappedAddressTheIpv4AddressThatItMeans) {
    CHECK(ip("::ffff:192.0.2.7") == ip("192.0.2.7"));
    CHECK(ip("::ffff:192.0.2.7").family() == IpFamily::V4);
}

TEST(IpAddress, RefusesWhatIsNoAddress) {
    constexpr std::array<std::string_view, 6> kWrong{"",    "1.2.3",        "1.2.3.256",
                                                     ":::", "fe80::1%eth0", "example.com"};
    for (const auto& text : kWrong) {
        CHECK_FALSE(IpAddress::from_text(text).has_value());
    }
}

TEST(IpAddress, RefusesOtherLengthsThanFourAndSixteen) {
    const std::array<std::uint8_t, 17> bytes{};
    for (const std::size_t length : {0U, 3U, 5U, 15U, 17U}) {
        CHECK_FALSE(IpAddress::from_bytes(sporvakt::Bytes(bytes).first(length)).has_value());
    }
}

TEST(IpAddress, KnowsTheAddressesOfAHouse) {
    for (const auto* text : {"10.1.2.3", "172.16.0.1", "172.31.255.1", "192.168.1.1", "169.254.1.1",
                             "fd00::1", "fe80::1"}) {
        CHECK_TRUE(ip(text).is_private());
    }
    for (const auto* text : {"172.15.0.1", "172.32.0.1", "8.8.8.8", "2001:db8::1"}) {
        CHECK_FALSE(ip(text).is_private());
    }
}

TEST(IpAddress, KnowsLoopbackMulticastAndNobody) {
    CHECK_TRUE(ip("127.1.2.3").is_loopback());
    CHECK_TRUE(ip("::1").is_loopback());
    CHECK_FALSE(ip("::2").is_loopback());
    CHECK_TRUE(ip("239.255.255.250").is_multicast());
    CHECK_TRUE(ip("255.255.255.255").is_multicast());
    CHECK_TRUE(ip("ff02::fb").is_multicast());
    CHECK_FALSE(ip("192.168.1.1").is_multicast());
    CHECK_TRUE(ip("::").is_unspecified());
    CHECK_TRUE(IpAddress().is_unspecified());
}

TEST_GROUP(Endpoint){};

TEST(Endpoint, IsAnAddressAndAPort) {
    const auto endpoint = Endpoint::from_text("127.0.0.1:5300");

    CHECK(endpoint->address == ip("127.0.0.1"));
    LONGS_EQUAL(5300, endpoint->port);
    STRCMP_EQUAL("127.0.0.1:5300", endpoint->text().c_str());
}

TEST(Endpoint, PutsIpv6InBracketsWhereAColonMustDivide) {
    LONGS_EQUAL(53, Endpoint::from_text("[::1]:53")->port);
    LONGS_EQUAL(53, Endpoint::from_text("::1@53")->port);
    STRCMP_EQUAL("[::1]:53", Endpoint::from_text("::1@53")->text().c_str());
    CHECK_FALSE(Endpoint::from_text("::1:53").has_value());
}

TEST(Endpoint, RefusesWhatIsIncomplete) {
    for (const auto* text : {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
                             "localhost:53", ":53", "127.0.0.1:53x"}) {
        CHECK_FALSE(Endpoint::from_text(text).has_value());
    }
}
