#include "capture/devices/dhcp_message.h"

#include "core/base/byte_writer.h"
#include "tests/support/packets/lan_messages.h"

#include <string>
#include <string_view>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::test;
using capture::DhcpMessage;
using capture::parse_dhcp;
using capture::parse_dhcp6_host_name;

namespace {

constexpr std::uint8_t kHostName = 12;
constexpr std::uint8_t kRequestedAddress = 50;
constexpr std::uint8_t kOverload = 52;
constexpr std::uint8_t kMessageType = 53;
constexpr std::uint8_t kVendorClass = 60;
constexpr std::uint8_t kClientId = 61;
constexpr std::uint8_t kFqdn = 81;

IpAddress address(const char* text) {
    return *IpAddress::from_text(text);
}

Octets type(std::uint8_t number) {
    return dhcp_option(kMessageType, {number});
}

Octets request() {
    return dhcp({}, type(3) + dhcp_option(kClientId, Octets{1, 2, 3}) +
                        dhcp_option(kRequestedAddress, address_octets("192.168.1.20")) +
                        dhcp_option(kHostName, octets("Galaxy-S24")) +
                        dhcp_option(kVendorClass, octets("android-dhcp-14")));
}

std::string host_name(std::uint8_t option, const Octets& value) {
    return parse_dhcp(dhcp({}, type(3) + dhcp_option(option, value)))->host_name;
}

/// DHCPv6 (RFC 8415 §8) with one option.
Octets dhcp6(std::uint8_t message_type, std::uint16_t code, const Octets& value) {
    return ByteWriter()
        .u8(message_type)
        .u8(0)
        .u16(0x1234)
        .u16(8)  // elapsed time, to be passed over
        .u16(2)
        .u16(0)
        .u16(code)
        .u16(static_cast<std::uint16_t>(value.size()))
        .bytes(value)
        .result();
}

}  // namespace

TEST_GROUP(DhcpMessage){};

TEST(DhcpMessage, OfAClientSaysWhoItIsAndWhatItIsCalled) {
    const auto message = parse_dhcp(request());

    CHECK(message->kind == DhcpMessage::Kind::Question);
    CHECK(message->client == *MacAddress::from_text("3c:22:fb:12:34:01"));
    STRCMP_EQUAL("Galaxy-S24", message->host_name.c_str());
    STRCMP_EQUAL("android-dhcp-14", message->vendor_class.c_str());
    CHECK(message->requested_address == address("192.168.1.20"));
    CHECK_FALSE(message->client_address.has_value());
    CHECK_FALSE(message->your_address.has_value());
    CHECK_FALSE(message->is_relayed);
}

TEST(DhcpMessage, OfAClientThatRenewsNamesItsAddress) {
    DhcpFields fields;
    fields.client_address = "192.168.1.20";
    CHECK(parse_dhcp(dhcp(fields, type(3)))->client_address == address("192.168.1.20"));
}

TEST(DhcpMessage, OfAServerIsAnOfferAnAckOrARefusal) {
    DhcpFields fields;
    fields.operation = 2;
    fields.your_address = "192.168.1.20";
    CHECK(parse_dhcp(dhcp(fields, type(2)))->kind == DhcpMessage::Kind::Offer);
    CHECK(parse_dhcp(dhcp(fields, type(5)))->kind == DhcpMessage::Kind::Ack);
    CHECK(parse_dhcp(dhcp(fields, {}))->kind == DhcpMessage::Kind::Ack);
    CHECK(parse_dhcp(dhcp(fields, type(6)))->kind == DhcpMessage::Kind::Refusal);
    CHECK(parse_dhcp(dhcp(fields, type(5)))->your_address == address("192.168.1.20"));
}

TEST(DhcpMessage, SaysThatItCameThroughARelay) {
    DhcpFields fields;
    fields.relay = "10.0.0.1";
    CHECK_TRUE(parse_dhcp(dhcp(fields, type(3)))->is_relayed);
}

TEST(DhcpMessage, HasItsNamesCleanedAndCut) {
    STRCMP_EQUAL("tv", host_name(kHostName, octets(std::string_view("t\x1bv\0", 4))).c_str());
    const std::string longest(63, 'a');
    STRCMP_EQUAL(longest.c_str(), host_name(kHostName, octets(std::string(200, 'a'))).c_str());
}

TEST(DhcpMessage, TakesTheFirstLabelOfAFullNameInEitherForm) {
    STRCMP_EQUAL("tv", host_name(kFqdn, Octets{0, 0, 0} + octets("tv.home.arpa")).c_str());
    STRCMP_EQUAL("tv", host_name(kFqdn, Octets{4, 0, 0} + dns_host("tv.home.arpa")).c_str());
    STRCMP_EQUAL("", host_name(kFqdn, Octets{4, 0, 0, 9, 't', 'v'}).c_str());
    STRCMP_EQUAL("", host_name(kFqdn, Octets{4, 0}).c_str());
}

TEST(DhcpMessage, PrefersTheHostNameToTheFullName) {
    const auto message = parse_dhcp(dhcp({}, dhcp_option(kFqdn, Octets{0, 0, 0} + octets("other")) +
                                                 dhcp_option(kHostName, octets("tv"))));
    STRCMP_EQUAL("tv", message->host_name.c_str());
}

TEST(DhcpMessage, ReadsOptionsFromTheFileFieldWhenToldTo) {
    DhcpFields fields;
    fields.file = std::string_view("\x0c\x02tv\xff", 5);
    STRCMP_EQUAL("tv", parse_dhcp(dhcp(fields, dhcp_option(kOverload, {1})))->host_name.c_str());
    STRCMP_EQUAL("", parse_dhcp(dhcp(fields, dhcp_option(kOverload, {2})))->host_name.c_str());
    STRCMP_EQUAL("", parse_dhcp(dhcp(fields, {}))->host_name.c_str());
}

TEST(DhcpMessage, PassesOverPaddingAndStopsAtTheEnd) {
    const auto message =
        parse_dhcp(dhcp({}, Octets{0, 0, 0} + dhcp_option(kHostName, octets("tv")) + Octets{255} +
                                Octets{kHostName, 200}));
    STRCMP_EQUAL("tv", message->host_name.c_str());
}

TEST(DhcpMessage, IgnoresOptionsOfTheWrongSize) {
    const auto message =
        parse_dhcp(dhcp({}, dhcp_option(kMessageType, {}) + dhcp_option(kOverload, Octets{1, 1}) +
                                dhcp_option(kRequestedAddress, Octets{1, 2, 3})));
    CHECK(message.has_value());
    CHECK_FALSE(message->requested_address.has_value());
}

TEST(DhcpMessage, IsTruncatedInsideItsFixedPartAndInsideAnOption) {
    const Octets whole = request();
    constexpr std::size_t kFixed = 240;
    for (std::size_t length = 0; length < kFixed; ++length) {
        CHECK(parse_dhcp(Bytes(whole).first(length)).error() == ParseError::Truncated);
    }
    CHECK(parse_dhcp(Bytes(whole).first(kFixed + 2)).error() == ParseError::Truncated);
}

TEST(DhcpMessage, IsRefusedWithoutItsCookieOrOnOtherHardware) {
    for (const std::size_t at : {0U, 1U, 2U, 236U}) {
        Octets other = request();
        other[at] ^= 0x40U;
        CHECK(parse_dhcp(other).error() == ParseError::Malformed);
    }
}

TEST(DhcpMessage, OfVersionSixSaysWhatTheClientIsCalled) {
    const Octets fqdn = Octets{0} + dns_host("nas.home.arpa");
    for (const int from_client : {1, 3, 5, 6, 11}) {
        const auto name =
            parse_dhcp6_host_name(dhcp6(static_cast<std::uint8_t>(from_client), 39, fqdn));
        STRCMP_EQUAL("nas", name->value_or("").c_str());
    }
}

TEST(DhcpMessage, OfVersionSixIsNothingFromServersOrWithoutAName) {
    const Octets fqdn = Octets{0} + dns_host("nas.home.arpa");
    CHECK_FALSE(parse_dhcp6_host_name(dhcp6(7, 39, fqdn))->has_value());
    CHECK_FALSE(parse_dhcp6_host_name(dhcp6(1, 40, fqdn))->has_value());
    CHECK_FALSE(parse_dhcp6_host_name(dhcp6(1, 39, Octets{0}))->has_value());
    CHECK_FALSE(parse_dhcp6_host_name(dhcp6(1, 39, Octets{0, 0}))->has_value());
    CHECK(parse_dhcp6_host_name(Octets{1, 0, 0}).error() == ParseError::Truncated);
    CHECK(parse_dhcp6_host_name(Octets{1, 0, 0, 0, 0, 39, 0, 9, 0}).error() ==
          ParseError::Truncated);
}
