#include "capture/devices/neighbour_message.h"

#include "tests/support/packets/lan_messages.h"

#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::test;
using capture::LinkPrefix;
using capture::NeighbourMessage;
using capture::parse_arp;
using capture::parse_neighbour_message;

namespace {

constexpr const char* kPhone = "3c:22:fb:12:34:01";
constexpr const char* kLinkLocal = "fe80::3e22:fbff:fe12:3401";

IpAddress address(const char* text) {
    return *IpAddress::from_text(text);
}

NeighbourMessage neighbour(const Octets& bytes, const char* source) {
    const auto parsed = parse_neighbour_message(bytes, address(source));
    CHECK(parsed.has_value() && parsed->has_value());
    return **parsed;
}

void check_refused_at_every_shorter_length(const Octets& whole) {
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const auto parsed = parse_neighbour_message(Bytes(whole).first(length), address("fe80::1"));
        // Options may end between two of them; everything before the first must be there.
        const bool ends_between_options = length >= 24 && length % 8 == 0;
        CHECK_EQUAL(ends_between_options, parsed.has_value());
    }
}

}  // namespace

TEST_GROUP(NeighbourMessage){};

TEST(NeighbourMessage, OfArpNamesTheSender) {
    for (const int operation : {1, 2}) {
        ArpFields fields;
        fields.operation = static_cast<std::uint16_t>(operation);
        const auto message = parse_arp(arp(fields));
        CHECK(message->sender == *MacAddress::from_text(kPhone));
        CHECK(message->sender_address == address("192.168.1.20"));
    }
}

TEST(NeighbourMessage, OfAnArpProbeHasNoAddressYet) {
    ArpFields probe;
    probe.sender_address = "0.0.0.0";
    CHECK_FALSE(parse_arp(arp(probe))->sender_address.has_value());
}

TEST(NeighbourMessage, OfArpIsRefusedWhenCutShortOrOfAnotherKind) {
    const Octets whole = arp({});
    constexpr std::size_t kNeeded = 18;  // what follows is about the one who is asked
    for (std::size_t length = 0; length < kNeeded; ++length) {
        CHECK(parse_arp(Bytes(whole).first(length)).error() == ParseError::Truncated);
    }
    for (const std::size_t at : {1U, 2U, 4U, 5U}) {
        Octets other = whole;
        other[at] ^= 0x10U;
        CHECK(parse_arp(other).error() == ParseError::Malformed);
    }
}

TEST(NeighbourMessage, OfASolicitationNamesItsSource) {
    const NeighbourMessage message =
        neighbour(neighbour_solicitation("fe80::1", link_address_option(1, kPhone)), "fd00:77::20");
    CHECK(message.address == address("fd00:77::20"));
    CHECK(message.mac == *MacAddress::from_text(kPhone));
    CHECK_FALSE(message.is_router);
}

TEST(NeighbourMessage, OfDuplicateAddressDetectionNamesTheTarget) {
    const NeighbourMessage message = neighbour(neighbour_solicitation("fd00:77::20"), "::");
    CHECK(message.address == address("fd00:77::20"));
    CHECK_FALSE(message.mac.has_value());
}

TEST(NeighbourMessage, OfAnAdvertisementNamesTheTarget) {
    const NeighbourMessage message = neighbour(
        neighbour_advertisement("fd00:77::20", link_address_option(2, kPhone)), kLinkLocal);
    CHECK(message.address == address("fd00:77::20"));
    CHECK(message.mac == *MacAddress::from_text(kPhone));
}

TEST(NeighbourMessage, OfARouterSolicitationNamesItsSourceIfItHasOne) {
    CHECK(neighbour(router_solicitation(), kLinkLocal).address == address(kLinkLocal));
    CHECK_FALSE(neighbour(router_solicitation(), "::").address.has_value());
}

TEST(NeighbourMessage, OfARouterTellsThePrefixesOnTheLink) {
    const NeighbourMessage message =
        neighbour(router_advertisement(1800, prefix_option("2001:db8:77::", 64) +
                                                 prefix_option("2001:db8:78::", 64, 0x40)),
                  "fe80::1");
    CHECK_TRUE(message.is_router);
    CHECK(message.address == address("fe80::1"));
    CHECK(message.on_link == (std::vector<LinkPrefix>{{address("2001:db8:77::"), 64}}));
}

TEST(NeighbourMessage, OfWhoAnnouncesPrefixesAloneIsNoRouters) {
    CHECK_FALSE(neighbour(router_advertisement(0), "fe80::1").is_router);
}

TEST(NeighbourMessage, LeavesOutPrefixesThatHoldHalfTheWorld) {
    for (const int length : {0, 8, 31, 129, 255}) {
        const NeighbourMessage message = neighbour(
            router_advertisement(1800, prefix_option("2000::", static_cast<std::uint8_t>(length))),
            "fe80::1");
        CHECK(message.on_link.empty());
    }
}

TEST(NeighbourMessage, KeepsAFewPrefixesOnly) {
    Octets options;
    for (int i = 0; i < 100; ++i) {
        options = options + prefix_option("2001:db8:77::", 64);
    }
    CHECK_EQUAL(capture::kPrefixCountMax,
                neighbour(router_advertisement(1800, options), "fe80::1").on_link.size());
}

TEST(NeighbourMessage, IsNothingForOtherIcmp) {
    for (const int type : {1, 128, 129, 132, 137, 143}) {
        const Octets echo{static_cast<std::uint8_t>(type), 0, 0, 0, 0, 0, 0, 0};
        CHECK_FALSE(parse_neighbour_message(echo, address("fe80::1"))->has_value());
    }
}

TEST(NeighbourMessage, IsRefusedWhenItIsCutShort) {
    check_refused_at_every_shorter_length(
        neighbour_solicitation("fe80::1", link_address_option(1, kPhone)));
    check_refused_at_every_shorter_length(
        neighbour_advertisement("fe80::1", link_address_option(2, kPhone)));
}

TEST(NeighbourMessage, IsRefusedWithAnOptionOfNoLength) {
    const auto parsed = parse_neighbour_message(
        neighbour_solicitation("fe80::1", Octets{1, 0, 0, 0, 0, 0, 0, 0}), address("fe80::2"));
    CHECK(parsed.error() == ParseError::Malformed);
}

TEST(NeighbourMessage, IsRefusedWithACodeOrAMulticastTarget) {
    Octets with_code = neighbour_solicitation("fe80::1");
    with_code[1] = 1;
    CHECK(parse_neighbour_message(with_code, address("fe80::2")).error() == ParseError::Malformed);
    CHECK(parse_neighbour_message(neighbour_solicitation("ff02::1"), address("fe80::2")).error() ==
          ParseError::Malformed);
}

TEST(NeighbourMessage, IsRefusedWithATargetThatIsAnIpv4Address) {
    Octets advertisement(8);
    advertisement[0] = 136;
    const Octets mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 168, 1, 1};
    advertisement.insert(advertisement.end(), mapped.begin(), mapped.end());

    CHECK(parse_neighbour_message(advertisement, address("fe80::1")).error() ==
          ParseError::Malformed);
}

TEST(NeighbourMessage, PrefixContainsItsAddressesOnly) {
    const LinkPrefix prefix{address("2001:db8:70::"), 44};
    CHECK_TRUE(prefix.contains(address("2001:db8:70::1")));
    CHECK_TRUE(prefix.contains(address("2001:db8:7f:ffff::")));
    CHECK_FALSE(prefix.contains(address("2001:db8:80::")));
    CHECK_FALSE(prefix.contains(address("2001:db9:70::")));
    CHECK_FALSE(prefix.contains(address("32.1.13.184")));
    CHECK_TRUE((LinkPrefix{address("fd00::1"), 128}).contains(address("fd00::1")));
    CHECK_FALSE((LinkPrefix{address("fd00::1"), 128}).contains(address("fd00::2")));
}
