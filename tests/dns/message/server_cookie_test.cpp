#include "dns/message/server_cookie.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using namespace std::chrono_literals;
using sporvakt::Bytes;
using sporvakt::IpAddress;
using sporvakt::Timestamp;

using Octets = std::vector<std::uint8_t>;

namespace {

Octets bytes_of(std::string_view digits) {
    Octets bytes;
    for (std::size_t at = 0; at < digits.size(); at += 2) {
        std::uint8_t byte = 0;
        std::from_chars(digits.data() + at, digits.data() + at + 2, byte, 16);
        bytes.push_back(byte);
    }
    return bytes;
}

CookieSecret secret_of(std::string_view digits) {
    CookieSecret secret{};
    const Octets bytes = bytes_of(digits);
    std::copy(bytes.begin(), bytes.end(), secret.begin());
    return secret;
}

Timestamp at(std::int64_t seconds) {
    return Timestamp(std::chrono::seconds(seconds));
}

constexpr std::string_view kSecret = "e5e973e5a6b2a43f48e7dc849e37bfcf";

}  // namespace

TEST_GROUP(ServerCookie) {
    const IpAddress client = *IpAddress::from_text("192.168.1.9");
    const IpAddress other = *IpAddress::from_text("192.168.1.8");
    const Octets own = bytes_of("0102030405060708");
    const ServerCookies cookies{secret_of(kSecret)};
    const Timestamp now = at(1'800'000'000);

    Octets made_at(Timestamp when) const {
        const auto cookie = cookies.answer_to(own, client, when);
        return {cookie.begin(), cookie.end()};
    }
};

// RFC 9018 appendix A: what other servers with the same secret make.
TEST(ServerCookie, IsTheOneOfTheStandardsExamples) {
    struct Example {
        std::string_view secret;
        std::string_view address;
        std::string_view client_cookie;
        std::int64_t time;
        std::string_view server_cookie;
    };
    constexpr std::array kExamples{
        Example{kSecret, "198.51.100.100", "2464c4abcf10c957", 1559731985,
                "010000005cf79f111f8130c3eee29480"},
        Example{kSecret, "198.51.100.100", "2464c4abcf10c957", 1559734385,
                "010000005cf7a871d4a564a1442aca77"},
        Example{kSecret, "203.0.113.203", "fc93fc62807ddb86", 1559734700,
                "010000005cf7a9acf73a7810aca2381e"},
        Example{"445536bcd2513298075a5d379663c962", "2001:db8:220:1:59de:d0f4:8769:82b8",
                "22681ab97d52c298", 1559741961, "010000005cf7c609a6bb79d16625507a"},
    };
    for (const Example& example : kExamples) {
        const auto made =
            make_server_cookie(secret_of(example.secret), bytes_of(example.client_cookie),
                               *IpAddress::from_text(example.address), at(example.time));
        CHECK((Octets(made.begin(), made.end()) == bytes_of(example.server_cookie)));
    }
}

TEST(ServerCookie, IsKnownAgainInTheStandardsExamples) {
    // A.3 has bits in its reserved bytes; A.4's was made with the secret before.
    const IpAddress third = *IpAddress::from_text("203.0.113.203");
    const IpAddress fourth = *IpAddress::from_text("2001:db8:220:1:59de:d0f4:8769:82b8");
    const Octets odd = bytes_of("fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5");
    const Octets rolled = bytes_of("22681ab97d52c298010000005cf7c57926556bd0934c72f8");

    CHECK_TRUE(is_server_cookie(secret_of(kSecret), odd, third));
    CHECK_TRUE(is_server_cookie(secret_of("dd3bdf9344b678b185a6f5cb60fca715"), rolled, fourth));
    CHECK_FALSE(is_server_cookie(secret_of("445536bcd2513298075a5d379663c962"), rolled, fourth));
}

TEST(ServerCookie, IsGoodForAnHour) {
    CHECK_TRUE(cookies.is_valid(made_at(now), client, now));
    CHECK_TRUE(cookies.is_valid(made_at(now), client, now + kCookieLifetime));
    CHECK_FALSE(cookies.is_valid(made_at(now), client, now + kCookieLifetime + 1s));
    CHECK_TRUE(cookies.is_valid(made_at(now), client, now - kCookieAheadMax));
    CHECK_FALSE(cookies.is_valid(made_at(now), client, now - kCookieAheadMax - 1s));
}

TEST(ServerCookie, IsGoodForOneClientAndItsOwnCookie) {
    Octets altered = made_at(now);
    altered[0] ^= 1U;

    CHECK_FALSE(cookies.is_valid(made_at(now), other, now));
    CHECK_FALSE(cookies.is_valid(altered, client, now));
}

TEST(ServerCookie, IsNotGoodWithAnyBitChanged) {
    const Octets good = made_at(now);
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        Octets bad = good;
        bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ 1U << bit % 8);
        CHECK_FALSE(cookies.is_valid(bad, client, now));
    }
}

TEST(ServerCookie, IsNotGoodInAnotherLength) {
    Octets cookie = made_at(now);
    for (std::size_t length = 0; length < cookie.size(); ++length) {
        CHECK_FALSE(cookies.is_valid(Bytes(cookie).first(length), client, now));
    }
    cookie.push_back(0);
    CHECK_FALSE(cookies.is_valid(cookie, client, now));
}

TEST(ServerCookie, StaysGoodWhenTheSecretChanges) {
    unsigned changes = 0;
    for (Timestamp when = now; when < now + ServerCookies::kSecretPeriod * 2; when += 10min) {
        changes += cookies.secret_at(when) != cookies.secret_at(when + 10min) ? 1U : 0U;
        CHECK_TRUE(cookies.is_valid(made_at(when), client, when + kCookieLifetime));
    }

    LONGS_EQUAL(2, changes);
}

TEST(ServerCookie, IsGoodAcrossTheEndOfTimeIn32Bits) {
    const Timestamp end = at((std::int64_t{1} << 32) - 60);

    CHECK_TRUE(cookies.is_valid(made_at(end), client, end + 30min));
}

TEST(ServerCookie, IsNotGuessedFromAnotherSeed) {
    const ServerCookies first = ServerCookies::random();
    const ServerCookies second = ServerCookies::random();

    CHECK_TRUE(first.is_valid(first.answer_to(own, client, now), client, now));
    CHECK_FALSE(first.is_valid(second.answer_to(own, client, now), client, now));
}
