#include "capture/client_hello.h"

#include <algorithm>
#include <string_view>

namespace sporvakt::capture {
namespace {

constexpr std::uint8_t kHandshakeClientHello = 1;           // RFC 8446 §4
constexpr std::uint16_t kExtensionServerName = 0;           // RFC 6066 §3
constexpr std::uint16_t kExtensionEncryptedHello = 0xfe0d;  // RFC 9849
constexpr std::uint8_t kNameTypeHost = 0;                   // RFC 6066 §3
constexpr std::size_t kVersionAndRandom = 2 + 32;

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/// A list inside an extension that is all there can only be too short because it lies.
template <class T>
Parsed<T> complete(Parsed<T> read) {
    if (!read && read.error() == ParseError::Truncated) {
        return tl::unexpected(ParseError::Malformed);
    }
    return read;
}

Parsed<DomainName> parse_server_name(Bytes extension) {
    ByteReader outer(extension);
    ByteReader list(SPORVAKT_TRY(outer.take_vector16()));
    if (SPORVAKT_TRY(list.u8()) != kNameTypeHost) {
        return tl::unexpected(ParseError::Malformed);
    }
    return parse_host_name(SPORVAKT_TRY(list.take_vector16()));
}

/// Leaves `hello` at the extensions, which are all that names the destination.
Parsed<void> skip_to_extensions(ByteReader& hello) {
    SPORVAKT_TRY(hello.take(kVersionAndRandom));
    SPORVAKT_TRY(hello.take_vector8());   // legacy_session_id
    SPORVAKT_TRY(hello.take_vector16());  // cipher_suites
    SPORVAKT_TRY(hello.take_vector8());   // legacy_compression_methods
    return {};
}

/// Adds what the extensions say to `hello`, which keeps what came before a failure.
Parsed<void> read_extensions(ByteReader extensions, ClientHello& hello) {
    while (!extensions.at_end()) {
        const std::uint16_t type = SPORVAKT_TRY(extensions.u16());
        const Bytes extension = SPORVAKT_TRY(extensions.take_vector16());
        if (type == kExtensionServerName) {
            hello.server_name = SPORVAKT_TRY(complete(parse_server_name(extension)));
        } else if (type == kExtensionEncryptedHello) {
            hello.has_encrypted_hello = true;
        }
    }
    return {};
}

Bytes at_most(Bytes bytes, std::size_t length) {
    return bytes.first(std::min(bytes.size(), length));
}

Parsed<void> read_start(ByteReader message, ClientHello& hello) {
    if (SPORVAKT_TRY(message.u8()) != kHandshakeClientHello) {
        return tl::unexpected(ParseError::Malformed);
    }
    const std::size_t length = SPORVAKT_TRY(message.u24());
    ByteReader body(at_most(message.take_rest(), length));
    SPORVAKT_TRY(skip_to_extensions(body));
    const std::size_t extensions_length = SPORVAKT_TRY(body.u16());
    return read_extensions(ByteReader(at_most(body.take_rest(), extensions_length)), hello);
}

}  // namespace

Parsed<ClientHello> parse_client_hello(Bytes handshake) {
    ByteReader message(handshake);
    if (SPORVAKT_TRY(message.u8()) != kHandshakeClientHello) {
        return tl::unexpected(ParseError::Malformed);
    }
    ByteReader body(SPORVAKT_TRY(message.take(SPORVAKT_TRY(message.u24()))));

    ClientHello hello;
    SPORVAKT_TRY(skip_to_extensions(body));
    if (!body.at_end()) {  // TLS 1.2 allows a hello without extensions (RFC 5246 §7.4.1.2).
        SPORVAKT_TRY(read_extensions(ByteReader(SPORVAKT_TRY(body.take_vector16())), hello));
    }
    return hello;
}

Parsed<ClientHello> parse_client_hello_start(Bytes handshake) {
    ClientHello hello;
    const auto read = read_start(ByteReader(handshake), hello);
    if (!read && read.error() != ParseError::Truncated) {
        return tl::unexpected(read.error());
    }
    return hello;
}

Parsed<DomainName> parse_host_name(Bytes name) {
    DomainName host = SPORVAKT_TRY(DomainName::from_text(as_text(name)));
    if (!std::all_of(host.text().begin(), host.text().end(), is_host_character)) {
        return tl::unexpected(ParseError::Malformed);
    }
    return host;
}

}  // namespace sporvakt::capture
