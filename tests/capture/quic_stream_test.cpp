#include "capture/quic_stream.h"

#include "tests/support/packets/hello_builder.h"
#include "tests/support/packets/quic_builder.h"

#include <algorithm>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using namespace sporvakt::test;
using sporvakt::Bytes;

TEST_GROUP(QuicStream) {
    QuicCrypto crypto;
    QuicStream stream;
    Octets hello = HelloBuilder().extension(21, Octets(900, 0)).server_name("ads.example").build();

    Reading add(const InitialFields& fields, const Octets& frames) {
        return stream.add(padded_datagram(quic_initial(fields, frames)), crypto);
    }
    Octets piece(std::size_t from, std::size_t to) const {
        return crypto_frame(static_cast<std::uint16_t>(from),
                            Octets(hello.begin() + static_cast<std::ptrdiff_t>(from),
                                   hello.begin() + static_cast<std::ptrdiff_t>(to)));
    }
    Octets whole() const {
        return piece(0, hello.size());
    }

    void check_named(std::string_view name) const {
        CHECK(stream.introduction().origin == NameOrigin::Quic);
        STRCMP_EQUAL(std::string(name).c_str(), stream.introduction().name->text().c_str());
    }
};

TEST(QuicStream, ReadsTheNameInEveryVersion) {
    for (const auto version : {QuicVersion::V1, QuicVersion::V2, QuicVersion::Draft29,
                               QuicVersion::Draft23, QuicVersion::Draft21}) {
        stream = QuicStream();
        CHECK(add({.version = version}, whole()) == Reading::Done);
        check_named("ads.example");
    }
}

TEST(QuicStream, ReadsAHelloOverSeveralInitialsInAnyOrder) {
    const std::array<std::size_t, 5> cuts{0, 200, 500, 930, hello.size()};
    std::array<std::size_t, 4> order{0, 1, 2, 3};
    do {
        stream = QuicStream();
        for (const std::size_t i : order) {
            const auto number = static_cast<std::uint32_t>(i);
            const auto reading = add({.number = number}, piece(cuts.at(i), cuts.at(i + 1)));
            CHECK(reading == (i == order.back() ? Reading::Done : Reading::GoesOn));
        }
        check_named("ads.example");
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST(QuicStream, ReadsCoalescedInitials) {
    const auto datagram = quic_initial({.number = 0}, piece(500, hello.size())) +
                          quic_initial({.number = 1}, piece(0, 500));

    CHECK(stream.add(padded_datagram(datagram), crypto) == Reading::Done);
    check_named("ads.example");
}

TEST(QuicStream, KeepsTheKeysWhenTheServerChoosesAnotherConnectionId) {
    const Octets first = from_hex("8394c8f03e515708");
    add({}, piece(0, 400));
    const auto reading =
        add({.destination_id = octets("srv1"), .key_id = first}, piece(400, hello.size()));

    CHECK(reading == Reading::Done);
    check_named("ads.example");
}

TEST(QuicStream, BeginsAgainAfterARetry) {
    add({}, crypto_frame(0, octets("of a connection that came to nothing")));
    CHECK(add({.destination_id = octets("retried!"), .token = Octets(40, 1)}, whole()) ==
          Reading::Done);
    check_named("ads.example");
}

TEST(QuicStream, IsAmbiguousInEitherOrderOfTwoVersions) {
    const Octets one = hello;
    const Octets two =
        HelloBuilder().extension(21, Octets(900, 0)).server_name("odd.example").build();
    LONGS_EQUAL(one.size(), two.size());
    for (const auto& [first, second] : {std::pair(one, two), std::pair(two, one)}) {
        stream = QuicStream();
        hello = first;
        add({.number = 0}, piece(500, hello.size()));
        hello = second;
        add({.number = 1}, whole());
        CHECK(stream.introduction().origin == NameOrigin::Ambiguous);
        CHECK_FALSE(stream.introduction().name.has_value());
    }
}

TEST(QuicStream, NoticesAnotherVersionOfWhatItHasRead) {
    CHECK(add({.number = 0}, whole()) == Reading::Done);
    check_named("ads.example");
    const auto again = padded_datagram(quic_initial({.number = 1}, whole()));
    CHECK_FALSE(stream.is_contradicted_by(again, crypto));

    hello = HelloBuilder().extension(21, Octets(900, 0)).server_name("odd.example").build();
    auto forged = quic_initial({.number = 2}, whole());
    forged.back() ^= 1U;
    CHECK_FALSE(stream.is_contradicted_by(padded_datagram(forged), crypto));
    const auto other = padded_datagram(quic_initial({.number = 3}, whole()));
    CHECK_TRUE(stream.is_contradicted_by(other, crypto));
}

TEST(QuicStream, IsNotPutOffByAForgedFirstInitial) {
    auto forged = quic_initial({.destination_id = octets("attacker")}, whole());
    forged.back() ^= 1U;
    CHECK(stream.add(padded_datagram(forged), crypto) == Reading::GoesOn);
    CHECK_FALSE(stream.is_quic());

    CHECK(add({}, whole()) == Reading::Done);
    check_named("ads.example");
}

TEST(QuicStream, TakesConnectionIdsOfEveryLength) {
    for (std::size_t length = 0; length <= 20; ++length) {
        stream = QuicStream();
        CHECK(add({.destination_id = Octets(length, 5)}, whole()) == Reading::Done);
    }
}

TEST(QuicStream, GivesUpOnAHelloWithoutEnd) {
    std::size_t datagrams = 0;
    const Octets endless{1, 0, 0x1f, 0xf0};
    while (add({.number = static_cast<std::uint32_t>(datagrams)}, crypto_frame(0, endless)) ==
           Reading::GoesOn) {
        ++datagrams;
    }

    LONGS_EQUAL(QuicStream::kInitialsMax, datagrams);
    CHECK_FALSE(stream.introduction().name.has_value());
}

TEST(QuicStream, GivesUpOnAHelloThatClaimsToBeHuge) {
    const auto reading = add({}, crypto_frame(0, Octets{1, 0xff, 0xff, 0xff, 0, 0, 0, 0}));

    CHECK(reading == Reading::Done);
    CHECK_TRUE(stream.introduction().has_bad_name);
}

TEST(QuicStream, NamesNothingFromGarbage) {
    for (std::uint8_t i = 0; i < 200; ++i) {
        const Octets garbage = from_hex("c00000000108") + Octets(8, i) + from_hex("0000449e") +
                               Octets(1182, static_cast<std::uint8_t>(i * 7));
        stream.add(garbage, crypto);
    }

    CHECK_FALSE(stream.introduction().name.has_value());
    CHECK_FALSE(stream.is_quic());
}

TEST(QuicStream, TakesTheNameOfABeginningWhenTheRestNeverComes) {
    hello = HelloBuilder().server_name("ads.example").extension(21, Octets(900, 0)).build();
    CHECK(add({}, piece(0, 300)) == Reading::GoesOn);
    stream.give_up();

    check_named("ads.example");
}
