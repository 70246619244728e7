#include "capture/client_stream.h"

#include "core/base/byte_writer.h"
#include "tests/support/packets/hello_builder.h"
#include "tests/support/packets/packet_builder.h"

#include <algorithm>
#include <array>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using namespace sporvakt::test;
using sporvakt::Bytes;
using sporvakt::ByteWriter;

namespace {

/// Puts the message into records of at most `record_length` bytes.
Octets in_records(const Octets& message, std::size_t record_length = 16'384) {
    ByteWriter out;
    for (std::size_t at = 0; at < message.size(); at += record_length) {
        const Bytes part = Bytes(message).subspan(at, std::min(record_length, message.size() - at));
        out.u8(22).u16(0x0301).u16(static_cast<std::uint16_t>(part.size())).bytes(part);
    }
    return out.result();
}

}  // namespace

TEST_GROUP(ClientStream) {
    static constexpr std::uint32_t kFirst = 1001;
    ClientStream stream{kFirst};
    // As long as Chromium's: the name lies behind the first 1,448 bytes.
    Octets hello = in_records(
        HelloBuilder().extension(51, Octets(1500, 3)).server_name("ads.example").build());

    Reading add(std::size_t offset, const Octets& bytes, std::uint32_t first = kFirst) {
        return stream.add(first + static_cast<std::uint32_t>(offset), bytes);
    }
    Octets part(std::size_t from, std::size_t to) const {
        return {hello.begin() + static_cast<std::ptrdiff_t>(from),
                hello.begin() + static_cast<std::ptrdiff_t>(to)};
    }
    void check_named(std::string_view name) const {
        CHECK(stream.introduction().origin == NameOrigin::Tls);
        STRCMP_EQUAL(std::string(name).c_str(), stream.introduction().name->text().c_str());
    }
};

TEST(ClientStream, ReadsAHelloInOneSegment) {
    CHECK(add(0, hello) == Reading::Done);
    check_named("ads.example");
}

TEST(ClientStream, ReadsAHelloCutAnywhere) {
    for (std::size_t cut = 1; cut < hello.size(); ++cut) {
        stream = ClientStream(kFirst);
        CHECK(add(0, part(0, cut)) == Reading::GoesOn);
        CHECK(add(cut, part(cut, hello.size())) == Reading::Done);
        check_named("ads.example");
    }
}

TEST(ClientStream, ReadsSegmentsInEveryOrderRepeatedAndOverlapping) {
    const std::array<std::size_t, 5> cuts{0, 3, 700, 1448, hello.size()};
    std::array<std::size_t, 4> order{0, 1, 2, 3};
    do {
        stream = ClientStream(kFirst);
        for (const std::size_t i : order) {
            const std::size_t from = cuts.at(i) - std::min<std::size_t>(cuts.at(i), 2);
            add(from, part(from, cuts.at(i + 1)));
            add(from, part(from, cuts.at(i + 1)));
        }
        check_named("ads.example");
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST(ClientStream, ReadsSegmentsOfOneByteEach) {
    hello = in_records(HelloBuilder().server_name("ads.example").build());
    for (std::size_t at = 0; at < hello.size(); ++at) {
        CHECK(add(at, part(at, at + 1)) ==
              (at + 1 == hello.size() ? Reading::Done : Reading::GoesOn));
    }
    check_named("ads.example");
}

TEST(ClientStream, ReadsAcrossTheWrapOfTheSequenceNumbers) {
    constexpr std::uint32_t kNearTheEnd = 0xffffff00;
    stream = ClientStream(kNearTheEnd);
    add(1000, part(1000, hello.size()), kNearTheEnd);
    add(0, part(0, 1000), kNearTheEnd);

    check_named("ads.example");
}

TEST(ClientStream, ReadsAHelloOverManyRecords) {
    const auto message = HelloBuilder().server_name("ads.example").build();
    for (const std::size_t length : {1U, 2U, 5U, 40U}) {
        stream = ClientStream(kFirst);
        CHECK(add(0, in_records(message, length)) == Reading::Done);
        check_named("ads.example");
    }
}

TEST(ClientStream, ReadsAHelloWhoseSynWasNotSeen) {
    stream = ClientStream(std::nullopt);
    CHECK(add(0, part(0, 1448)) == Reading::GoesOn);
    CHECK(add(1448, part(1448, hello.size())) == Reading::Done);
    check_named("ads.example");

    stream = ClientStream(std::nullopt);
    CHECK(add(1448, part(1448, hello.size())) == Reading::GoesOn);
    CHECK(add(0, part(0, 1448)) == Reading::Done);
    check_named("ads.example");
}

TEST(ClientStream, ReadsAHelloThatFollowsAProxysGreeting) {
    const Octets connect =
        octets("CONNECT shop.example:443 HTTP/1.1\r\nHost: shop.example\r\n\r\n");
    const Octets socks{5, 1, 0};
    const Octets starttls = octets("EHLO me\r\nSTARTTLS\r\n");
    for (const auto& greeting : {connect, socks, starttls}) {
        stream = ClientStream(kFirst);
        CHECK(add(0, greeting) == Reading::GoesOn);
        CHECK(add(greeting.size(), part(0, 1448)) == Reading::GoesOn);
        CHECK(add(greeting.size() + 1448, part(1448, hello.size())) == Reading::Done);
        check_named("ads.example");
    }
}

TEST(ClientStream, IsNotPutOffByTheZerosOfAPaddedAck) {
    CHECK(add(0, Octets(6, 0)) == Reading::GoesOn);
    CHECK(add(0, hello) == Reading::Done);
    check_named("ads.example");
}

TEST(ClientStream, NamesNothingWhenTwoVersionsComeInEitherOrder) {
    const auto with_name = [](std::string_view name) {
        return in_records(HelloBuilder().server_name(name).extension(51, Octets(90, 3)).build());
    };
    const std::array versions{with_name("ads.example"), with_name("good.exampl")};
    for (const std::size_t first : {0U, 1U}) {
        stream = ClientStream(kFirst);
        const Octets& one = versions.at(first);
        const Octets& other = versions.at(1 - first);
        add(0, Octets(one.begin(), one.end() - 1));
        add(0, Octets(other.begin(), other.end() - 1));
        CHECK(add(one.size() - 1, {one.back()}) == Reading::Done);

        CHECK(stream.introduction().origin == NameOrigin::Ambiguous);
        CHECK_FALSE(stream.introduction().name.has_value());
    }
}

TEST(ClientStream, NoticesAnotherVersionOfWhatItHasRead) {
    CHECK(add(0, hello) == Reading::Done);
    Octets changed = hello;
    changed[700] ^= 1U;

    CHECK_FALSE(stream.is_contradicted_by(kFirst, hello));
    CHECK_FALSE(stream.is_contradicted_by(kFirst + 100, part(100, 900)));
    CHECK_FALSE(stream.is_contradicted_by(kFirst + 700, Octets(1, 0)));  // a keep-alive's byte
    CHECK_FALSE(stream.is_contradicted_by(kFirst + 60'000, octets("what comes after")));
    CHECK_TRUE(stream.is_contradicted_by(kFirst, changed));
    CHECK_TRUE(stream.is_contradicted_by(kFirst - 10, Octets(10, 'x') + changed));
}

TEST(ClientStream, ReadsTheHostOfAnHttpRequest) {
    const Octets request = octets("GET /a HTTP/1.1\r\nHost: plain.example\r\n\r\n");
    CHECK(add(0, Octets(request.begin(), request.begin() + 20)) == Reading::GoesOn);
    CHECK(add(20, Octets(request.begin() + 20, request.end())) == Reading::Done);

    CHECK(stream.introduction().origin == NameOrigin::Http);
    STRCMP_EQUAL("plain.example", stream.introduction().name->text().c_str());
}

TEST(ClientStream, TellsABadNameFromNone) {
    CHECK(add(0, in_records(HelloBuilder().server_name("two words.example").build())) ==
          Reading::Done);
    CHECK_TRUE(stream.introduction().has_bad_name);

    stream = ClientStream(kFirst);
    CHECK(add(0, in_records(HelloBuilder().build())) == Reading::Done);
    CHECK_FALSE(stream.introduction().has_bad_name);
    CHECK_FALSE(stream.introduction().name.has_value());
}

TEST(ClientStream, TakesTheNameOfABeginningWhenTheRestNeverComes) {
    hello = in_records(
        HelloBuilder().server_name("ads.example").extension(51, Octets(1500, 3)).build());
    CHECK(add(0, part(0, 1448)) == Reading::GoesOn);
    stream.give_up();

    check_named("ads.example");
}

TEST(ClientStream, EndsOnAHelloWithoutEnd) {
    Octets endless{22, 3, 1, 0x3f, 0xff, 1, 0, 0x3f, 0xfb};
    std::size_t at = 0;
    while (add(at, endless) == Reading::GoesOn) {
        at += endless.size();
        CHECK(at < 40'000);
        endless = Octets(1000, 1);
    }

    CHECK_FALSE(stream.introduction().name.has_value());
}

TEST(ClientStream, EndsOnAConversationThatNeverBeginsAHello) {
    std::size_t segments = 0;
    while (add(segments * 100, Octets(100, 'x')) == Reading::GoesOn) {
        ++segments;
        CHECK(segments < 1000);
    }

    CHECK(stream.introduction().origin == NameOrigin::None);
}

TEST(ClientStream, EndsOnAHelloThatIsTooLong) {
    CHECK(add(0, Octets{22, 3, 1, 0x10, 0, 1, 0xff, 0xff, 0xff, 3, 3}) == Reading::Done);
}
