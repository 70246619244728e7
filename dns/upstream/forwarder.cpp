#include "dns/upstream/forwarder.h"

#include <algorithm>

#include <fmt/format.h>

namespace sporvakt::dns {
namespace {

constexpr std::uint16_t kDnsPort = 53;
constexpr std::uint16_t kTlsPort = 853;  // RFC 7858 §3.1

bool is_name_character(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-' ||
           letter == '_' || letter == '.';
}

tl::unexpected<Error> no_forwarder(std::string_view text) {
    return fail(Errc::InvalidInput,
                fmt::format("'{}' is not an address of a resolver; write an IP address, "
                            "\"192.0.2.1\" or \"192.0.2.1@53\", or for DNS over TLS "
                            "\"192.0.2.1@853#dns.example\"",
                            text));
}

}  // namespace

Parsed<DomainName> zone_from_text(std::string_view text) {
    auto name = DomainName::from_text(text);
    // libunbound reads zones from a file, where other characters would mean something.
    if (name && !std::all_of(name->text().begin(), name->text().end(), is_name_character)) {
        return tl::unexpected(ParseError::Malformed);
    }
    return name;
}

Result<Forwarder> Forwarder::from_text(std::string_view text) {
    const std::size_t hash = text.find('#');
    const std::string_view where = text.substr(0, hash);
    Forwarder forwarder;
    if (const auto bare = IpAddress::from_text(where)) {
        forwarder.endpoint = {*bare, hash == std::string_view::npos ? kDnsPort : kTlsPort};
    } else if (const auto whole = Endpoint::from_text(where); whole && whole->port != 0) {
        forwarder.endpoint = *whole;
    } else {
        return no_forwarder(text);
    }
    if (hash != std::string_view::npos) {
        const auto name = zone_from_text(text.substr(hash + 1));
        if (!name) {
            return no_forwarder(text);
        }
        forwarder.tls_name = name->text();
    } else if (forwarder.endpoint.port == kTlsPort) {
        return fail(Errc::InvalidInput,
                    fmt::format("'{0}' is DNS over TLS without the name that the certificate must "
                                "be for; write \"{0}#NAME\", as in \"9.9.9.9@853#dns.quad9.net\"",
                                text));
    }
    return forwarder;
}

std::string Forwarder::text() const {
    return fmt::format("{}@{}{}{}", endpoint.address.text(), endpoint.port, uses_tls() ? "#" : "",
                       tls_name);
}

bool mixes_transports(std::span<const Forwarder> forwarders) {
    return std::any_of(forwarders.begin(), forwarders.end(), [&](const Forwarder& forwarder) {
        return forwarder.uses_tls() != forwarders.front().uses_tls();
    });
}

}  // namespace sporvakt::dns
