#pragma once

#include "core/base/domain_name.h"
#include "core/base/ip_address.h"
#include "core/base/result.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::dns {

/// A resolver that is asked instead of the authoritative servers (RFC 9499 §6), as configuration
/// writes it: "192.0.2.1", "192.0.2.1@5353", or for DNS over TLS "192.0.2.1@853#dns.example".
struct Forwarder {
    Endpoint endpoint;

    /// The authentication domain name (RFC 8310 §2): its certificate must be for this name, else it
    /// is told nothing.  Empty: it is asked in the clear, over UDP and TCP.
    std::string tls_name;

    /// Port 53, or 853 with a name, when there is none.  The error is a sentence for the owner.
    static Result<Forwarder> from_text(std::string_view text);

    [[nodiscard]] std::string text() const;
    [[nodiscard]] bool uses_tls() const { return !tls_name.empty(); }

    friend bool operator==(const Forwarder&, const Forwarder&) = default;
};

/// Whether some would be asked over TLS and others in the clear: then whoever listens would see
/// many of the questions all the same, and an owner who wrote TLS would be deceived.
bool mixes_transports(std::span<const Forwarder> forwarders);

/// A name that is a zone in configuration: letters, digits, '-' and '_', in DomainName's form.
Parsed<DomainName> zone_from_text(std::string_view text);

/// Conditional forwarding: names in `zone` and below are asked of these, and of nobody else.
struct ForwardZone {
    DomainName zone;
    std::vector<Forwarder> forwarders;

    friend bool operator==(const ForwardZone&, const ForwardZone&) = default;
};

}  // namespace sporvakt::dns
