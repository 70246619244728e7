#pragma once

#include "core/base/byte_reader.h"
#include "core/base/domain_name.h"
#include "core/base/result.h"

#include <optional>

namespace sporvakt::capture {

/// What a TLS 1.2 or 1.3 ClientHello says about where its sender is going.
struct ClientHello {
    std::optional<DomainName> server_name;  ///< Empty when the client sent none.
    bool has_encrypted_hello = false;       ///< The name above is then only the outer, public one.
};

/// Parses one whole handshake message, without its record or QUIC framing (RFC 8446 §4.1.2).
Parsed<ClientHello> parse_client_hello(Bytes handshake);

}  // namespace sporvakt::capture
