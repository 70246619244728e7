#include "webui/server/authority.h"

#include "core/base/domain_name.h"
#include "core/base/ip_address.h"

#include <algorithm>
#include <charconv>

namespace sporvakt::webui {
namespace {

constexpr std::size_t kLengthMax = 300;  // a name of 253 characters, a colon, a port

Parsed<std::optional<std::uint16_t>> port_of(std::string_view text) {
    if (text.empty()) {
        return std::optional<std::uint16_t>{};
    }
    text.remove_prefix(1);  // the colon, as the callers saw
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port == 0) {
        return tl::unexpected(ParseError::Malformed);
    }
    return std::optional<std::uint16_t>{port};
}

/// What host names are made of here; DomainName takes more, because DNS does (RFC 2181 §11).
bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
}

Parsed<Authority> bracketed(std::string_view text) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) {
        return tl::unexpected(ParseError::Malformed);
    }
    const std::string_view rest = text.substr(end + 1);
    if (!rest.empty() && rest.front() != ':') {
        return tl::unexpected(ParseError::Malformed);
    }
    // Not IpAddress::text(): a mapped address would lose its family.
    const auto address = IpAddress::from_text(text.substr(1, end - 1));
    if (!address || text.substr(1, end - 1).find(':') == std::string_view::npos) {
        return tl::unexpected(ParseError::Malformed);
    }
    const auto port = SPORVAKT_TRY(port_of(rest));
    return Authority{address->text(), port};
}

std::optional<std::uint16_t> without_default(std::optional<std::uint16_t> port,
                                             std::uint16_t usual) {
    return port == usual ? std::nullopt : port;
}

}  // namespace

Parsed<Authority> Authority::from_text(std::string_view text) {
    if (text.empty() || text.size() > kLengthMax) {
        return tl::unexpected(ParseError::Malformed);
    }
    if (text.front() == '[') {
        return bracketed(text);
    }
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::string_view host = text.substr(0, colon);
    if (!std::all_of(host.begin(), host.end(), is_host_character)) {
        return tl::unexpected(ParseError::Malformed);
    }
    const auto name = SPORVAKT_TRY(DomainName::from_text(host));
    // Before the braces: a return out of them would leak the members that are made already.
    const auto port = SPORVAKT_TRY(port_of(text.substr(colon)));
    return Authority{name.text(), port};
}

bool Authority::is_ip_address() const {
    return IpAddress::from_text(host).has_value();
}

bool is_same_origin(std::string_view origin, const Authority& host) {
    constexpr std::string_view kPlain = "http://";
    constexpr std::string_view kTls = "https://";
    std::uint16_t usual = 0;
    if (origin.substr(0, kPlain.size()) == kPlain) {
        origin.remove_prefix(kPlain.size());
        usual = 80;
    } else if (origin.substr(0, kTls.size()) == kTls) {
        origin.remove_prefix(kTls.size());
        usual = 443;
    } else {
        return false;
    }
    const auto page = Authority::from_text(origin);
    return page && page->host == host.host &&
           without_default(page->port, usual) == without_default(host.port, usual);
}

}  // namespace sporvakt::webui
