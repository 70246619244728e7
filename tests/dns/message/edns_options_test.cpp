#include "dns/message/edns_options.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::Bytes;

using Octets = std::vector<std::uint8_t>;

TEST_GROUP(EdnsOptions) {
    std::array<std::uint8_t, 4096> out{};

    static Octets option(std::uint8_t code, std::size_t length) {
        Octets bytes{0, code, static_cast<std::uint8_t>(length >> 8U),
                     static_cast<std::uint8_t>(length)};
        for (std::size_t at = 0; at < length; ++at) {
            bytes.push_back(static_cast<std::uint8_t>(at + 1));
        }
        return bytes;
    }
    static Octets joined(Octets left, const Octets& right) {
        left.insert(left.end(), right.begin(), right.end());
        return left;
    }
    Octets written(const EdnsReply& reply, std::size_t length = 0, std::size_t room = 4096) {
        const std::size_t added = write_edns_reply(std::span(out).first(room), length, reply);
        return {out.begin() + static_cast<std::ptrdiff_t>(length),
                out.begin() + static_cast<std::ptrdiff_t>(length + added)};
    }
};

TEST(EdnsOptions, AreReadInAnyOrderAndUnknownOnesPassedOver) {
    const auto read = read_edns_options(
        joined(joined(option(3, 5), option(12, 20)), joined(option(11, 0), option(10, 24))));

    CHECK_TRUE(read->is_padded);
    CHECK_TRUE(read->wants_keepalive);
    LONGS_EQUAL(24, read->cookie().size());
    LONGS_EQUAL(24, read->cookie()[23]);
}

TEST(EdnsOptions, MayBeNone) {
    const auto read = read_edns_options({});

    CHECK_TRUE(read->cookie().empty());
    CHECK_FALSE(read->is_padded);
    CHECK_FALSE(read->wants_keepalive);
}

TEST(EdnsOptions, HaveACookieOfALengthThatCookiesHave) {
    for (std::size_t length = 0; length <= 60; ++length) {
        const bool is_good = length == 8 || (length >= 16 && length <= 40);
        CHECK(read_edns_options(option(10, length)).has_value() == is_good);
    }
}

TEST(EdnsOptions, AreReadFromTheFirstCookieAlone) {
    const auto read = read_edns_options(joined(option(10, 8), option(10, 3)));

    LONGS_EQUAL(8, read->cookie().size());
}

TEST(EdnsOptions, AreBrokenAtEveryLengthShortOfTheWhole) {
    const Octets whole = joined(option(10, 8), option(12, 2));
    for (std::size_t length = 1; length < whole.size(); ++length) {
        if (length != 12) {
            CHECK_FALSE(read_edns_options(Bytes(whole).first(length)).has_value());
        }
    }
}

TEST(EdnsOptions, AreAnsweredWithWhatThereIs) {
    EdnsReply reply;
    LONGS_EQUAL(0, written(reply).size());

    reply.keepalive = std::chrono::seconds(10);
    CHECK((written(reply) == Octets{0, 11, 0, 2, 0, 100}));

    reply.cookie.emplace();
    reply.cookie->fill(7);
    LONGS_EQUAL(length_of(reply), written(reply).size());
    LONGS_EQUAL(34, length_of(reply));
    CHECK((written(reply) == joined(joined({0, 10, 0, 24}, Octets(24, 7)), {0, 11, 0, 2, 0, 100})));
}

TEST(EdnsOptions, FillAMessageUpToTheNextBlock) {
    EdnsReply reply;
    reply.padding_block = kPaddingBlock;
    for (std::size_t length = 400; length < 1000; ++length) {
        std::fill_n(out.begin(), 2000, std::uint8_t{0xff});
        const Octets padding = written(reply, length);
        LONGS_EQUAL(0, (length + padding.size()) % kPaddingBlock);
        CHECK(padding.size() >= 4 && padding.size() < 4 + kPaddingBlock);
        CHECK(std::all_of(padding.begin() + 4, padding.end(), [](auto byte) { return byte == 0; }));
    }
}

TEST(EdnsOptions, FillAMessageNoFurtherThanThereIsRoom) {
    EdnsReply reply;
    reply.padding_block = kPaddingBlock;

    LONGS_EQUAL(50, written(reply, 950, 1000).size());
    LONGS_EQUAL(4, written(reply, 996, 1000).size());
    LONGS_EQUAL(0, written(reply, 997, 1000).size());
}
