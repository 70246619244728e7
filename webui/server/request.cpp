#include "webui/server/request.h"

#include "core/base/ascii.h"

#include <algorithm>
#include <array>

namespace sporvakt::webui {
namespace {

constexpr std::string_view kBlanks = " \t";  // RFC 9110 §5.6.3

Method method_of(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, Method>, 6> kMethods{{
        {"GET", Method::Get},
        {"HEAD", Method::Head},
        {"POST", Method::Post},
        {"PUT", Method::Put},
        {"PATCH", Method::Patch},
        {"DELETE", Method::Delete},
    }};
    const auto* const found =
        std::find_if(kMethods.begin(), kMethods.end(), [text](const auto& row) {
            return row.first == text;  // case counts (RFC 9110 §9.1)
        });
    return found == kMethods.end() ? Method::Other : found->second;
}

Parsed<std::vector<std::string>> segments_of(std::string_view path) {
    if (path.empty() || path.front() != '/') {
        return tl::unexpected(ParseError::Malformed);
    }
    if (path.size() > Request::kPathLengthMax) {
        return tl::unexpected(ParseError::LimitExceeded);
    }
    std::vector<std::string> segments;
    path.remove_prefix(1);
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        auto segment = SPORVAKT_TRY(percent_decode(path.substr(0, end), PlusSign::Literal));
        path.remove_prefix(std::min(end + 1, path.size()));
        // Nothing here is a file, but a path that climbs is nobody's honest request.
        if (segment.empty() || segment == "." || segment == "..") {
            return tl::unexpected(ParseError::Malformed);
        }
        if (segments.size() == Request::kSegmentCountMax) {
            return tl::unexpected(ParseError::LimitExceeded);
        }
        segments.push_back(std::move(segment));
    }
    return segments;
}

/// The headers that we read, by what they are called.
class Headers {
public:
    explicit Headers(const RawRequest& raw) : raw_(raw) {}

    /// Empty when it is not there; an error when it comes twice: two readers could choose two.
    [[nodiscard]] Parsed<std::optional<std::string_view>> one(
        std::string_view lower_case_name) const {
        std::optional<std::string_view> found;
        for (const auto& [name, value] : raw_.headers) {
            if (!equals_ignoring_case(name, lower_case_name)) {
                continue;
            }
            if (found) {
                return tl::unexpected(ParseError::Malformed);
            }
            found = trimmed(value, kBlanks);
        }
        return found;
    }

    [[nodiscard]] Parsed<std::optional<std::string>> text(std::string_view lower_case_name) const {
        const auto found = SPORVAKT_TRY(one(lower_case_name));
        return found ? std::optional<std::string>(*found) : std::nullopt;
    }

    [[nodiscard]] Parsed<std::string> text_or_empty(std::string_view lower_case_name) const {
        return std::string(SPORVAKT_TRY(one(lower_case_name)).value_or(""));
    }

private:
    const RawRequest& raw_;
};

std::string media_type(std::string_view content_type) {
    return lowered(trimmed(content_type.substr(0, content_type.find(';')), kBlanks));
}

}  // namespace

std::string_view cookie_value(std::string_view header, std::string_view name) {
    while (!header.empty()) {
        const std::size_t end = std::min(header.find(';'), header.size());
        const std::string_view pair = trimmed(header.substr(0, end), kBlanks);
        header.remove_prefix(std::min(end + 1, header.size()));
        if (pair.size() > name.size() && pair.substr(0, name.size()) == name &&
            pair[name.size()] == '=') {
            return pair.substr(name.size() + 1);
        }
    }
    return {};
}

Parsed<Request> Request::from_raw(const RawRequest& raw) {
    Request request;
    request.method = method_of(raw.method);
    request.path = SPORVAKT_TRY(segments_of(raw.path));
    request.query = SPORVAKT_TRY(Query::from_text(raw.query));
    if (raw.body.size() > kBodyMax) {
        return tl::unexpected(ParseError::LimitExceeded);
    }
    request.body = std::string(raw.body);
    request.body_state = raw.body_state;
    request.client = raw.client;
    request.transport = raw.transport;

    const Headers headers(raw);
    if (const auto host = SPORVAKT_TRY(headers.one("host"))) {
        const auto authority = Authority::from_text(*host);
        request.host = authority ? std::optional<Authority>(*authority) : std::nullopt;
    }
    request.origin = SPORVAKT_TRY(headers.text("origin"));
    request.fetch_site = SPORVAKT_TRY(headers.text("sec-fetch-site"));
    request.session = std::string(
        cookie_value(SPORVAKT_TRY(headers.one("cookie")).value_or(""), "sporvakt_session"));
    request.csrf_token = SPORVAKT_TRY(headers.text_or_empty("x-csrf-token"));
    request.content_type = media_type(SPORVAKT_TRY(headers.one("content-type")).value_or(""));
    request.accept_encoding = SPORVAKT_TRY(headers.text_or_empty("accept-encoding"));
    request.if_none_match = SPORVAKT_TRY(headers.text_or_empty("if-none-match"));
    return request;
}

}  // namespace sporvakt::webui
