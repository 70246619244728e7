#pragma once

#include "core/base/byte_reader.h"
#include "core/base/clock.h"
#include "core/base/ip_address.h"
#include "dns/message/edns_options.h"

#include <array>
#include <chrono>
#include <cstdint>

namespace sporvakt::dns {

using CookieSecret = std::array<std::uint8_t, 16>;
using ServerCookie = std::array<std::uint8_t, kServerCookieLength>;

/// How old, and how far ahead of us, a cookie may be (RFC 9018 §4.3).
constexpr std::chrono::seconds kCookieLifetime{3600};
constexpr std::chrono::seconds kCookieAheadMax{300};

/// The cookie of version 1 that every server with the same secret makes (RFC 9018 §4): version,
/// time, and SipHash-2-4 over these, the client's own cookie and its address.
ServerCookie make_server_cookie(const CookieSecret& secret, Bytes client_cookie,
                                const IpAddress& client, Timestamp now);

/// Whether `cookie`, a client's and a server's, was made with the secret for this client.  How old
/// it is does not count here.
bool is_server_cookie(const CookieSecret& secret, Bytes cookie, const IpAddress& client);

/// Our cookies: who brings one back has got an answer at its address before, so that it is not
/// forged.  Immutable, so thread-safe; holds no state of any client.
///
/// Secrets follow from a seed and the time, a new one every kSecretPeriod (RFC 7873 §7.1), so that
/// all workers agree without telling each other.  A cookie is checked with the secret of the time
/// at which it says it was made: the one before goes on to be good for as long as its cookies.
class ServerCookies {
public:
    static constexpr std::chrono::hours kSecretPeriod{26};

    explicit ServerCookies(const CookieSecret& seed) : seed_(seed) {}

    /// With a seed that nobody else has.
    static ServerCookies random();

    /// What the answer to a client with this cookie (of which only its own part counts) carries.
    [[nodiscard]] std::array<std::uint8_t, kClientCookieLength + kServerCookieLength> answer_to(
        Bytes cookie, const IpAddress& client, Timestamp now) const;

    /// Whether the client has it from us, and it is neither too old nor of the future.
    [[nodiscard]] bool is_valid(Bytes cookie, const IpAddress& client, Timestamp now) const;

    [[nodiscard]] CookieSecret secret_at(Timestamp at) const;

private:
    CookieSecret seed_;
};

}  // namespace sporvakt::dns
