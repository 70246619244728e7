#include "capture/client_hello.h"

#include <string_view>

namespace sporvakt::capture {
namespace {

constexpr std::uint8_t kHandshakeClientHello = 1;           // RFC 8446 §4
constexpr std::uint16_t kExtensionServerName = 0;           // RFC 6066 §3
constexpr std::uint16_t kExtensionEncryptedHello = 0xfe0d;  // RFC 9849
constexpr std::uint8_t kNameTypeHost = 0;                   // RFC 6066 §3
constexpr std::size_t kVersionAndRandom = 2 + 32;

Parsed<DomainName> parse_server_name(Bytes extension) {
    ByteReader outer(extension);
    ByteReader list(SPORVAKT_TRY(outer.take_vector16()));
    if (SPORVAKT_TRY(list.u8()) != kNameTypeHost) {
        return tl::unexpected(ParseError::Malformed);
    }
    return DomainName::from_text(as_text(SPORVAKT_TRY(list.take_vector16())));
}

/// Leaves `hello` at the extensions, which are all that names the destination.
Parsed<Bytes> skip_to_extensions(ByteReader hello) {
    SPORVAKT_TRY(hello.take(kVersionAndRandom));
    SPORVAKT_TRY(hello.take_vector8());   // legacy_session_id
    SPORVAKT_TRY(hello.take_vector16());  // cipher_suites
    SPORVAKT_TRY(hello.take_vector8());   // legacy_compression_methods
    if (hello.at_end()) {
        return Bytes{};  // TLS 1.2 allows a hello without extensions (RFC 5246 §7.4.1.2).
    }
    return hello.take_vector16();
}

}  // namespace

Parsed<ClientHello> parse_client_hello(Bytes handshake) {
    ByteReader message(handshake);
    if (SPORVAKT_TRY(message.u8()) != kHandshakeClientHello) {
        return tl::unexpected(ParseError::Malformed);
    }
    const Bytes body = SPORVAKT_TRY(message.take(SPORVAKT_TRY(message.u24())));

    ClientHello hello;
    ByteReader extensions(SPORVAKT_TRY(skip_to_extensions(ByteReader(body))));
    while (!extensions.at_end()) {
        const std::uint16_t type = SPORVAKT_TRY(extensions.u16());
        const Bytes extension = SPORVAKT_TRY(extensions.take_vector16());
        if (type == kExtensionServerName) {
            hello.server_name = SPORVAKT_TRY(parse_server_name(extension));
        } else if (type == kExtensionEncryptedHello) {
            hello.has_encrypted_hello = true;
        }
    }
    return hello;
}

}  // namespace sporvakt::capture
