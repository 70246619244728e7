#include "capture/http_host.h"

#include "capture/client_hello.h"
#include "capture/http_head.h"
#include "core/base/ascii.h"

#include <algorithm>
#include <string_view>

namespace sporvakt::capture {
namespace {

constexpr std::size_t kMethodMax = 32;  // no registered one has more than 17 characters
constexpr std::string_view kVersion = " HTTP/1.";

/// A method is any token (RFC 9110 §9.1, §5.6.2).
bool is_token_character(char c) {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
}

/// How long the token is that the text begins with.
std::size_t token_length(std::string_view text) {
    const auto* const end = std::find_if_not(text.begin(), text.end(), is_token_character);
    return static_cast<std::size_t>(end - text.begin());
}

/// Whether a request may begin so, as far as the text goes.
bool may_begin_request(std::string_view text) {
    const std::size_t length = token_length(text.substr(0, kMethodMax + 1));
    const bool may_go_on = length == text.size();
    return length <= kMethodMax && (may_go_on || (length > 0 && text[length] == ' '));
}

Parsed<std::optional<DomainName>> host_of(std::string_view value) {
    if (value.empty() || value.starts_with('[')) {
        return std::optional<DomainName>{};
    }
    return std::optional(SPORVAKT_TRY(parse_host_name(as_bytes(value.substr(0, value.find(':'))))));
}

/// The authority of an absolute-form target, which counts and not the Host field (RFC 9112 §3.2.2);
/// empty for other forms.
std::string_view authority_in(std::string_view request_line) {
    const std::string_view target = request_line.substr(request_line.find(' ') + 1);
    const std::size_t scheme_end = target.find("://");
    if (scheme_end == std::string_view::npos ||
        token_length(target.substr(0, scheme_end)) != scheme_end) {
        return {};
    }
    std::string_view authority = target.substr(scheme_end + 3);
    authority = authority.substr(0, authority.find_first_of("/?# "));
    const std::size_t user_end = authority.rfind('@');
    return user_end == std::string_view::npos ? authority : authority.substr(user_end + 1);
}

Parsed<HttpRequest> read_head(std::string_view rest) {
    const std::string_view request_line = SPORVAKT_TRY(take_line(rest));
    if (request_line.find(kVersion) == std::string_view::npos) {
        return tl::unexpected(ParseError::Malformed);
    }
    HttpRequest request;
    request.opens_tunnel = request_line.starts_with("CONNECT ");
    if (const std::string_view authority = authority_in(request_line); !authority.empty()) {
        request.host = SPORVAKT_TRY(host_of(authority));
        return request;
    }
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
    const std::string_view line = text.substr(0, text.find('\n'));
    return token_length(line) > 0 && may_begin_request(line) &&
           line.find(kVersion) != std::string_view::npos;
}

Parsed<HttpRequest> parse_http_request(Bytes stream) {
    const std::string_view text = as_text(stream);
    if (!may_begin_request(text)) {
        return tl::unexpected(ParseError::Malformed);
    }
    auto request = read_head(text.substr(0, kHttpHeadMax));
    if (!request && request.error() == ParseError::Truncated && text.size() >= kHttpHeadMax) {
        return tl::unexpected(ParseError::LimitExceeded);
    }
    return request;
}

}  // namespace sporvakt::capture
