#pragma once

#include "core/base/byte_reader.h"
#include "core/base/domain_name.h"
#include "core/base/result.h"

#include <optional>

namespace sporvakt::capture {

/// What a TLS 1.2 or 1.3 ClientHello says about where its sender is going.
struct ClientHello {
    std::optional<DomainName> server_name;  ///< Empty when the client sent none.
    bool has_encrypted_hello = false;       ///< The name above may be only the outer, public one.
};

/// Parses one whole handshake message, without its record or QUIC framing (RFC 8446 §4.1.2).
Parsed<ClientHello> parse_client_hello(Bytes handshake);

/// As much as the beginning of a hello tells whose end never came.  Malformed as above; never
/// Truncated.
Parsed<ClientHello> parse_client_hello_start(Bytes handshake);

/// A host name as clients write it into hellos and requests: letters, digits, '-', '_' and '.';
/// IP literals pass too.  Anything else (spaces, line feeds, non-ASCII) is Malformed.
Parsed<DomainName> parse_host_name(Bytes name);

}  // namespace sporvakt::capture
