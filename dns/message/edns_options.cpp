#include "dns/message/edns_options.h"

#include "core/base/big_endian.h"
#include "dns/message/wire.h"

#include <algorithm>

namespace sporvakt::dns {
namespace {

constexpr std::size_t kKeepaliveLength = 2;

bool is_cookie_length(std::size_t length) {
    constexpr std::size_t kServerCookieLengthMin = 8;
    return length == kClientCookieLength ||
           (length >= kClientCookieLength + kServerCookieLengthMin && length <= kCookieLengthMax);
}

// Returns where the option's bytes begin.
std::size_t write_header(std::span<std::uint8_t> out, std::size_t at, EdnsOption option,
                         std::size_t length) {
    store16(out, at, static_cast<std::uint16_t>(option));
    store16(out, at + 2, static_cast<std::uint16_t>(length));
    return at + kOptionHeaderLength;
}

// Zeros (RFC 7830 §3) up to the next multiple, or as far as there is room.
std::size_t write_padding(std::span<std::uint8_t> out, std::size_t at, std::size_t block) {
    if (out.size() - at < kOptionHeaderLength) {
        return at;
    }
    const std::size_t least = at + kOptionHeaderLength;
    const std::size_t end = std::min((least + block - 1) / block * block, out.size());
    write_header(out, at, EdnsOption::Padding, end - least);
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(least),
              out.begin() + static_cast<std::ptrdiff_t>(end), std::uint8_t{0});
    return end;
}

}  // namespace

std::optional<EdnsOptions> read_edns_options(Bytes options) {
    EdnsOptions read;
    ByteReader reader(options);
    while (!reader.at_end()) {
        const auto code = reader.u16();
        const auto content = reader.take_vector16();
        if (!code || !content) {
            return std::nullopt;
        }
        const auto option = static_cast<EdnsOption>(*code);
        if (option == EdnsOption::Cookie && read.cookie_length == 0) {
            if (!is_cookie_length(content->size())) {
                return std::nullopt;
            }
            std::copy(content->begin(), content->end(), read.cookie_bytes.begin());
            read.cookie_length = static_cast<std::uint8_t>(content->size());
        }
        read.wants_keepalive = read.wants_keepalive || option == EdnsOption::TcpKeepalive;
        read.is_padded = read.is_padded || option == EdnsOption::Padding;
    }
    return read;
}

std::size_t length_of(const EdnsReply& reply) {
    return (reply.cookie ? kOptionHeaderLength + reply.cookie->size() : 0) +
           (reply.keepalive ? kOptionHeaderLength + kKeepaliveLength : 0);
}

std::size_t write_edns_reply(std::span<std::uint8_t> out, std::size_t length,
                             const EdnsReply& reply) {
    std::size_t at = length;
    if (reply.cookie) {
        at = write_header(out, at, EdnsOption::Cookie, reply.cookie->size());
        std::copy(reply.cookie->begin(), reply.cookie->end(),
                  out.begin() + static_cast<std::ptrdiff_t>(at));
        at += reply.cookie->size();
    }
    if (reply.keepalive) {
        constexpr std::int64_t kUnitsInASecond = 10;  // RFC 7828 §3.1
        at = write_header(out, at, EdnsOption::TcpKeepalive, kKeepaliveLength);
        store16(out, at, static_cast<std::uint16_t>(reply.keepalive->count() * kUnitsInASecond));
        at += kKeepaliveLength;
    }
    if (reply.padding_block != 0) {
        at = write_padding(out, at, reply.padding_block);  // last: it must know all the rest
    }
    return at - length;
}

}  // namespace sporvakt::dns
