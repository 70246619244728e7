#include "capture/http_host.h"

#include "capture/client_hello.h"
#include "capture/http_head.h"
#include "core/base/ascii.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace sporvakt::capture {
namespace {

constexpr std::array<std::string_view, 9> kMethods{
    "GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "OPTIONS ", "PATCH ", "CONNECT ", "TRACE "};

Parsed<std::optional<DomainName>> host_of(std::string_view value) {
    if (value.empty() || value.starts_with('[')) {
        return std::optional<DomainName>{};
    }
    return std::optional(SPORVAKT_TRY(parse_host_name(as_bytes(value.substr(0, value.find(':'))))));
}

Parsed<HttpRequest> read_head(std::string_view rest) {
    const std::string_view request_line = SPORVAKT_TRY(take_line(rest));
    if (request_line.find(" HTTP/1.") == std::string_view::npos) {
        return tl::unexpected(ParseError::Malformed);
    }
    HttpRequest request;
    request.opens_tunnel = request_line.starts_with("CONNECT ");
    while (true) {
        const std::string_view line = SPORVAKT_TRY(take_line(rest));
        if (line.empty()) {
            return request;
        }
        const auto field = field_in(line);
        if (field && equals_ignoring_case(field->name, "host")) {
            request.host = SPORVAKT_TRY(host_of(field->value));
            return request;
        }
    }
}

}  // namespace

bool begins_like_http(Bytes stream) {
    const std::string_view text = as_text(stream);
    return std::any_of(kMethods.begin(), kMethods.end(),
                       [&](std::string_view method) { return text.starts_with(method); });
}

Parsed<HttpRequest> parse_http_request(Bytes stream) {
    const std::string_view text = as_text(stream);
    const bool may_begin =
        std::any_of(kMethods.begin(), kMethods.end(), [&](std::string_view method) {
            const std::size_t known = std::min(text.size(), method.size());
            return text.substr(0, known) == method.substr(0, known);
        });
    if (!may_begin) {
        return tl::unexpected(ParseError::Malformed);
    }
    auto request = read_head(text.substr(0, kHttpHeadMax));
    if (!request && request.error() == ParseError::Truncated && text.size() >= kHttpHeadMax) {
        return tl::unexpected(ParseError::LimitExceeded);
    }
    return request;
}

}  // namespace sporvakt::capture
