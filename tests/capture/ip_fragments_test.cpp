#include "capture/ip_fragments.h"

#include "tests/support/packets/packet_builder.h"

#include <algorithm>
#include <array>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using namespace sporvakt::test;
using sporvakt::Timestamp;

TEST_GROUP(IpFragments) {
    IpFragments fragments;
    Octets datagram = udp({.source = 5000, .destination = 443}, Octets(2000, 'x'));
    Octets bytes;  // of the packet last shown, which frames are views into

    std::optional<Frame> add(const IpFields& fields, const Octets& piece,
                             std::chrono::seconds at = {}) {
        bytes = ethernet(kEthertypeIpv4, ipv4(fields, piece));
        return fragments.add(*decode_frame(packet(bytes, Timestamp(at))));
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
        std::optional<Frame> whole;
        for (const std::size_t i : order) {
            CHECK_FALSE(whole.has_value());
            whole = add(place(i * 800, i < 2), part(i * 800, i * 800 + 800));
        }
        CHECK_TRUE(whole->is_udp());
        LONGS_EQUAL(5000, whole->source_port);
        LONGS_EQUAL(2000, whole->payload.size());
        LONGS_EQUAL(2008 + 3 * 20, whole->ip_length);
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST(IpFragments, TakeARepetitionButNoContradiction) {
    add(place(0, true), part(0, 800));
    add(place(0, true), part(0, 800));
    add(place(400, true), Octets(400, 'Z'));

    CHECK_FALSE(add(place(800, false), part(800, 2008)).has_value());
}

TEST(IpFragments, KeepDatagramsApart) {
    add(place(0, true, 1), part(0, 800));
    CHECK_FALSE(add(place(800, false, 2), part(800, 2008)).has_value());
    CHECK_TRUE(add(place(800, false, 1), part(800, 2008)).has_value());
}

TEST(IpFragments, DoNotWaitForever) {
    add(place(0, true), part(0, 800), std::chrono::seconds(10));

    CHECK_FALSE(add(place(800, false), part(800, 2008), std::chrono::seconds(16)).has_value());
}

TEST(IpFragments, ForgetTheOldestInAFlood) {
    add(place(0, true, 1), part(0, 800), std::chrono::seconds(1));
    add(place(0, true, 2), part(0, 800), std::chrono::seconds(2));
    for (std::uint16_t id = 100; id < 100 + IpFragments::kDatagramsMax - 1; ++id) {
        add(place(0, true, id), part(0, 800), std::chrono::seconds(3));
    }

    CHECK_FALSE(add(place(800, false, 1), part(800, 2008), std::chrono::seconds(3)).has_value());
    // The flood took the first one's room only; the line above took the second's.
    CHECK_TRUE(add(place(800, false, 100), part(800, 2008), std::chrono::seconds(3)).has_value());
}

TEST(IpFragments, RefuseMoreThanADatagramMayHold) {
    add(place(0, true), part(0, 800));

    CHECK_FALSE(add(place(65'000, false), part(800, 2008)).has_value());
}
