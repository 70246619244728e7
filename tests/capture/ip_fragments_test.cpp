#include "capture/ip_fragments.h"

#include "tests/support/packets/packet_builder.h"

#include <algorithm>
#include <array>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using namespace sporvakt::test;
using sporvakt::Timestamp;

TEST_GROUP(IpFragments) {
    IpFragments fragments;
    Octets datagram = udp({.source = 5000, .destination = 443}, Octets(2000, 'x'));
    Octets bytes;  // of the packet last shown, which frames are views into

    std::string mac = "3c:22:fb:12:34:01";

    std::optional<Frame> add(const IpFields& fields, const Octets& piece,
                             std::chrono::seconds at = {}) {
        bytes = ethernet(kEthertypeIpv4, ipv4(fields, piece), {.source = mac});
        return fragments.add(*decode_frame(packet(bytes, Timestamp(at))));
    }
    /// In two fragments of IPv6 (RFC 8200 §4.5), behind a header that says what follows.
    std::optional<Frame> add_v6(std::uint8_t next, const Octets& payload) {
        constexpr std::size_t kCut = 1200;
        const IpFields fields{.source = "fd00::20", .destination = "2001:db8::80", .protocol = 44};
        const Octets head(payload.begin(), payload.begin() + kCut);
        const Octets tail(payload.begin() + kCut, payload.end());
        bytes = ethernet(kEthertypeIpv6, ipv6(fields, Octets{next, 0, 0, 1, 0, 0, 0, 7} + head));
        fragments.add(*decode_frame(packet(bytes)));
        constexpr auto kOffset = static_cast<std::uint16_t>(kCut);
        // Another protocol in a later fragment means nothing.
        bytes =
            ethernet(kEthertypeIpv6,
                     ipv6(fields, Octets{6, 0, kOffset >> 8U, kOffset & 0xffU, 0, 0, 0, 7} + tail));
        return fragments.add(*decode_frame(packet(bytes)));
    }
    static bool is_whole(const std::optional<Frame>& told) {
        return told && told->is_udp() && told->payload.size() == 2000;
    }
    Octets part(std::size_t from, std::size_t to) const {
        return {datagram.begin() + static_cast<std::ptrdiff_t>(from),
                datagram.begin() + static_cast<std::ptrdiff_t>(std::min(to, datagram.size()))};
    }
    static IpFields place(std::size_t offset, bool more, std::uint16_t id = 7) {
        return {.protocol = 17,
                .id = id,
                .fragment_offset = static_cast<std::uint16_t>(offset),
                .more_fragments = more};
    }
};

TEST(IpFragments, GiveTheWholeDatagramInEveryOrder) {
    std::array<std::size_t, 3> order{0, 1, 2};
    do {
        std::uint32_t ip_bytes = 0;
        std::uint32_t packets = 0;
        std::optional<Frame> told;
        for (const std::size_t i : order) {
            CHECK_TRUE(!told || told->payload.empty());
            told = add(place(i * 800, i < 2), part(i * 800, i * 800 + 800));
            ip_bytes += told ? told->ip_length : 0;
            packets += told ? told->packets : 0U;
        }
        CHECK_TRUE(told->is_udp());
        LONGS_EQUAL(5000, told->source_port);
        LONGS_EQUAL(2000, told->payload.size());
        LONGS_EQUAL(2008 + 3 * 20, ip_bytes);
        LONGS_EQUAL(3, packets);
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST(IpFragments, TakeARepetitionButNoContradiction) {
    add(place(0, true), part(0, 800));
    add(place(0, true), part(0, 800));
    CHECK_TRUE(is_whole(add(place(800, false), part(800, 2008))));

    add(place(0, true), part(0, 800));
    add(place(400, true), Octets(400, 'Z'));
    CHECK_FALSE(is_whole(add(place(800, false), part(800, 2008))));
}

TEST(IpFragments, NeverTakeADatagramThatContradictedItself) {
    add(place(800, false), part(800, 2008));
    add(place(800, false), Octets(1208, 'Z'));

    CHECK_FALSE(is_whole(add(place(0, true), part(0, 800))));
    CHECK_FALSE(is_whole(add(place(800, false), part(800, 2008))));
}

TEST(IpFragments, TellTheBytesOfADatagramThatIsTooLongToRead) {
    std::uint32_t ip_bytes = 0;
    for (std::size_t at = 0; at < 60'000; at += 1200) {
        const auto told = add(place(at, true), at == 0 ? part(0, 1200) : Octets(1200, 'y'));
        CHECK_TRUE(told.has_value());
        LONGS_EQUAL(443, told->destination_port);
        ip_bytes += told->ip_length;
    }

    LONGS_EQUAL(50 * 1220, ip_bytes);
}

TEST(IpFragments, KeepDatagramsApart) {
    add(place(0, true, 1), part(0, 800));
    CHECK_FALSE(is_whole(add(place(800, false, 2), part(800, 2008))));
    CHECK_TRUE(is_whole(add(place(800, false, 1), part(800, 2008))));
}

TEST(IpFragments, DoNotWaitForever) {
    add(place(0, true), part(0, 800), std::chrono::seconds(10));

    CHECK_FALSE(is_whole(add(place(800, false), part(800, 2008), std::chrono::seconds(16))));
    LONGS_EQUAL(1, fragments.lost());
}

TEST(IpFragments, ForgetTheOldestInAFloodOfManySenders) {
    add(place(0, true, 1), part(0, 800), std::chrono::seconds(1));
    add(place(0, true, 2), part(0, 800), std::chrono::seconds(2));
    for (std::uint16_t id = 100; id < 100 + IpFragments::kDatagramsMax - 1; ++id) {
        mac = "02:00:00:00:00:" + std::to_string(10 + id % 80);
        add(place(0, true, id), part(0, 800), std::chrono::seconds(3));
    }

    CHECK_FALSE(is_whole(add(place(800, false, 1), part(800, 2008), std::chrono::seconds(3))));
    // The flood took the first one's room only; the line above took the second's.
    CHECK_TRUE(is_whole(add(place(800, false, 100), part(800, 2008), std::chrono::seconds(3))));
}

TEST(IpFragments, OfOneSenderDoNotCrowdOutOthers) {
    add(place(0, true, 1), part(0, 800));
    mac = "02:00:00:00:00:66";
    for (std::uint16_t id = 100; id < 1100; ++id) {
        add(place(0, true, id), part(0, 800));
    }
    mac = "3c:22:fb:12:34:01";

    CHECK_TRUE(is_whole(add(place(800, false, 1), part(800, 2008))));
    CHECK(fragments.lost() >= 1000 - IpFragments::kSenderMax);
}

TEST(IpFragments, RefuseMoreThanADatagramMayHold) {
    add(place(0, true), part(0, 800));

    CHECK_FALSE(is_whole(add(place(65'000, false), part(800, 2008))));
}

TEST(IpFragments, LookBehindExtensionHeadersAndIntoTunnels) {
    const Octets options{17, 0, 1, 4, 0, 0, 0, 0};
    CHECK_TRUE(is_whole(add_v6(60, options + datagram)));

    // A fragmented tunnel: what it carries has ports of its own.
    const auto inner = ipv4({.protocol = 17}, datagram);
    add({.protocol = 4, .id = 9, .more_fragments = true},
        Octets(inner.begin(), inner.begin() + 1200));
    const auto told = add({.protocol = 4, .id = 9, .fragment_offset = 1200},
                          Octets(inner.begin() + 1200, inner.end()));
    CHECK_TRUE(is_whole(told));
    LONGS_EQUAL(inner.size(), told->ip_length);
}
