#include "dns/message/server_cookie.h"

#include "core/base/assert.h"
#include "core/base/big_endian.h"
#include "dns/message/wire.h"

#include <algorithm>
#include <cstddef>
#include <span>

#include <sodium.h>

namespace sporvakt::dns {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kTimeAt = 4;
constexpr std::size_t kHashAt = 8;
constexpr std::size_t kHashLength = 8;
constexpr std::size_t kAddressLengthMax = 16;

using Hash = std::array<std::uint8_t, kHashLength>;
static_assert(crypto_shorthash_siphash24_BYTES == kHashLength);
static_assert(crypto_shorthash_siphash24_KEYBYTES == std::tuple_size_v<CookieSecret>);

Hash sip_hash(const CookieSecret& key, Bytes bytes) {
    Hash hash{};
    crypto_shorthash_siphash24(hash.data(), bytes.data(), bytes.size(), key.data());
    return hash;
}

// Over all of the cookie in front of its hash: what is reserved in it too, as it came.
Hash hash_of(const CookieSecret& secret, Bytes cookie, const IpAddress& client) {
    std::array<std::uint8_t, kClientCookieLength + kHashAt + kAddressLengthMax> input{};
    const Bytes head = cookie.first(kClientCookieLength + kHashAt);
    const Bytes address = client.bytes();
    std::copy(address.begin(), address.end(), std::copy(head.begin(), head.end(), input.begin()));
    return sip_hash(secret, Bytes(input).first(head.size() + address.size()));
}

std::uint32_t seconds_of(Timestamp at) {
    return static_cast<std::uint32_t>(
        std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
}

}  // namespace

ServerCookie make_server_cookie(const CookieSecret& secret, Bytes client_cookie,
                                const IpAddress& client, Timestamp now) {
    std::array<std::uint8_t, kClientCookieLength + kServerCookieLength> whole{};
    std::copy_n(client_cookie.begin(), kClientCookieLength, whole.begin());
    const auto own = std::span(whole).subspan(kClientCookieLength);
    own[0] = kVersion;
    store32(own, kTimeAt, seconds_of(now));
    const Hash hash = hash_of(secret, whole, client);
    std::copy(hash.begin(), hash.end(), own.begin() + kHashAt);
    ServerCookie cookie{};
    std::copy(own.begin(), own.end(), cookie.begin());
    return cookie;
}

bool is_server_cookie(const CookieSecret& secret, Bytes cookie, const IpAddress& client) {
    if (cookie.size() != kClientCookieLength + kServerCookieLength ||
        cookie[kClientCookieLength] != kVersion) {
        return false;
    }
    const Hash hash = hash_of(secret, cookie, client);
    return sodium_memcmp(hash.data(), cookie.last(kHashLength).data(), kHashLength) == 0;
}

ServerCookies ServerCookies::random() {
    SPORVAKT_ASSERT(sodium_init() >= 0);
    CookieSecret seed{};
    randombytes_buf(seed.data(), seed.size());
    return ServerCookies(seed);
}

std::array<std::uint8_t, kClientCookieLength + kServerCookieLength> ServerCookies::answer_to(
    Bytes cookie, const IpAddress& client, Timestamp now) const {
    std::array<std::uint8_t, kClientCookieLength + kServerCookieLength> answer{};
    const Bytes own = cookie.first(kClientCookieLength);
    const ServerCookie ours = make_server_cookie(secret_at(now), own, client, now);
    std::copy(ours.begin(), ours.end(), std::copy(own.begin(), own.end(), answer.begin()));
    return answer;
}

bool ServerCookies::is_valid(Bytes cookie, const IpAddress& client, Timestamp now) const {
    if (cookie.size() != kClientCookieLength + kServerCookieLength) {
        return false;
    }
    // Serial numbers (RFC 1982): the difference is right even when 32 bits have run over.
    const std::uint32_t made = load32(cookie, kClientCookieLength + kTimeAt);
    const std::chrono::seconds age(static_cast<std::int32_t>(seconds_of(now) - made));
    return age <= kCookieLifetime && age >= -kCookieAheadMax &&
           is_server_cookie(secret_at(now - age), cookie, client);
}

CookieSecret ServerCookies::secret_at(Timestamp at) const {
    const auto period = static_cast<std::uint32_t>(
        std::chrono::floor<std::chrono::hours>(at).time_since_epoch() / kSecretPeriod);
    CookieSecret secret{};
    for (std::size_t half = 0; half < 2; ++half) {
        std::array<std::uint8_t, 5> input{};
        store32(input, 0, period);
        input[4] = static_cast<std::uint8_t>(half);
        const Hash hash = sip_hash(seed_, input);
        std::copy(hash.begin(), hash.end(),
                  secret.begin() + static_cast<std::ptrdiff_t>(half * kHashLength));
    }
    return secret;
}

}  // namespace sporvakt::dns
