#pragma once

#include "core/base/byte_reader.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace sporvakt::dns {

/// Option codes of RFC 6891's OPT record (the IANA registry).
enum class EdnsOption : std::uint16_t {
    Cookie = 10,        ///< RFC 7873
    TcpKeepalive = 11,  ///< RFC 7828
    Padding = 12,       ///< RFC 7830
    ExtendedError = 15  ///< RFC 8914
};

constexpr std::size_t kOptionHeaderLength = 4;  ///< Code and length.

/// A client's cookie is of 8 bytes, a server's of 8 to 32 (RFC 7873 §4); ours are of 16 (RFC 9018
/// §4).
constexpr std::size_t kClientCookieLength = 8;
constexpr std::size_t kServerCookieLength = 16;
constexpr std::size_t kCookieLengthMax = kClientCookieLength + 32;

/// What a client says by options.  A value without pointers.
struct EdnsOptions {
    std::array<std::uint8_t, kCookieLengthMax> cookie_bytes{};
    std::uint8_t cookie_length = 0;
    bool wants_keepalive = false;  ///< Keeps its TCP connection open and asks for how long it may.
    bool is_padded = false;        ///< Hides its length, and so should we.

    /// The client's own cookie, and behind it what it got from a server if it has; empty: none.
    [[nodiscard]] Bytes cookie() const { return Bytes(cookie_bytes).first(cookie_length); }
};

/// Reads the options of an OPT record.  Empty when one goes on after the end, or when a cookie has
/// a length that cookies do not have (RFC 7873 §5.2.2): both are FORMERR.  Of several cookies the
/// first counts (§5.2).
std::optional<EdnsOptions> read_edns_options(Bytes options);

/// What our OPT record says to that, besides an error report.  A value; empty: nothing.
struct EdnsReply {
    std::optional<std::array<std::uint8_t, kClientCookieLength + kServerCookieLength>> cookie;
    std::optional<std::chrono::seconds> keepalive;

    /// 0, or the message is filled up to a multiple of this (RFC 8467 §4.1 recommends 468).
    std::size_t padding_block = 0;
};

constexpr std::size_t kPaddingBlock = 468;

/// What the options take, padding excepted: that takes only what room there is.
std::size_t length_of(const EdnsReply& reply);

/// Writes the options at the end of a message of `length` bytes in `out`, which has room for
/// length_of() more.  Returns how many bytes were written.
std::size_t write_edns_reply(std::span<std::uint8_t> out, std::size_t length,
                             const EdnsReply& reply);

}  // namespace sporvakt::dns
