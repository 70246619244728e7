#pragma once

#include "core/base/ip_address.h"
#include "core/base/result.h"
#include "webui/server/authority.h"
#include "webui/server/query.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sporvakt::webui {

/// Head is answered like Get; the server leaves the body away.
enum class Method : std::uint8_t { Get, Head, Post, Put, Patch, Delete, Other };

enum class Transport : std::uint8_t { Plain, Tls };

/// What became of the request's body on its way here.
enum class BodyState : std::uint8_t { Whole, TooLarge, Cut, Chunked };

/// What a browser sent, in its own words and not yet looked at.  The views belong to the
/// connection.
struct RawRequest {
    std::string_view method;
    std::string_view path;   ///< Still percent-encoded, without the query.
    std::string_view query;  ///< Without its '?'.
    std::vector<std::pair<std::string_view, std::string_view>> headers;
    std::string_view body;
    BodyState body_state = BodyState::Whole;
    IpAddress client;
    Transport transport = Transport::Plain;
};

/// A request that is well formed, within its limits, decoded.  Whether it may be answered is not
/// said yet.
struct Request {
    static constexpr std::size_t kBodyMax = std::size_t{64} * 1024;
    static constexpr std::size_t kPathLengthMax = 1024;
    static constexpr std::size_t kSegmentCountMax = 8;

    Method method = Method::Get;
    std::vector<std::string> path;  ///< "/a/b" is {"a", "b"}; "/" is empty; never "." or "..".
    Query query;
    std::string body;
    BodyState body_state = BodyState::Whole;
    IpAddress client;
    Transport transport = Transport::Plain;

    std::optional<Authority> host;          ///< Empty when there is none, or none that can be read.
    std::optional<std::string> origin;      ///< RFC 6454 §7
    std::optional<std::string> fetch_site;  ///< Sec-Fetch-Site (W3C Fetch Metadata)
    std::string session;                    ///< Value of the cookie "sporvakt_session".
    std::string csrf_token;                 ///< X-CSRF-Token
    std::string content_type;               ///< Lower case, without parameters.
    std::string accept_encoding;
    std::string if_none_match;

    /// Refuses what is malformed or over a limit, also a header of ours that comes twice.
    static Parsed<Request> from_raw(const RawRequest& raw);

    [[nodiscard]] bool changes_something() const {
        return method != Method::Get && method != Method::Head;
    }
};

/// The value of one cookie in a Cookie header (RFC 6265 §4.2.1); empty when it is not there.
std::string_view cookie_value(std::string_view header, std::string_view name);

}  // namespace sporvakt::webui
