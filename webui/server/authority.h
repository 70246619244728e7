#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sporvakt::webui {

/// The host and port that a browser believes to talk to (RFC 3986 §3.2), as in the Host header.
struct Authority {
    std::string host;  ///< Lower case, without a last dot; an IPv6 address without its brackets.
    std::optional<std::uint16_t> port;  ///< Empty when not written.

    static Parsed<Authority> from_text(std::string_view text);

    /// An IP address cannot be pointed elsewhere by somebody's name server.
    [[nodiscard]] bool is_ip_address() const;

    friend bool operator==(const Authority&, const Authority&) = default;
};

/// Whether a page of `origin` ("http://192.168.1.1:8080", RFC 6454 §7) is a page of `host`.  An
/// origin of "null", or of any other scheme than http and https, is nobody's.
bool is_same_origin(std::string_view origin, const Authority& host);

}  // namespace sporvakt::webui
