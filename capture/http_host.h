#pragma once

#include "core/base/byte_reader.h"
#include "core/base/domain_name.h"
#include "core/base/result.h"

#include <optional>

namespace sporvakt::capture {

constexpr std::size_t kHttpHeadMax = 8192;

/// What a plain HTTP/1 request says about where it goes.  HTTP/2 without TLS is left out: browsers
/// do not speak it, and its names are coded (RFC 7541).
struct HttpRequest {
    std::optional<DomainName> host;  ///< Without port; empty when there is none or it is IPv6.
    bool opens_tunnel = false;       ///< CONNECT: what follows is somebody else's conversation.
};

/// Whether bytes begin like a request: any method (RFC 9110 §9.1), a target, the version.
bool begins_like_http(Bytes stream);

/// Reads the head of a request from the start of a stream: the host of an absolute target, else its
/// Host field (RFC 9112 §3).
/// Truncated: the head goes on; LimitExceeded: beyond kHttpHeadMax.
Parsed<HttpRequest> parse_http_request(Bytes stream);

}  // namespace sporvakt::capture
