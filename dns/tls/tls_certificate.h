#pragma once

#include "core/base/clock.h"
#include "core/base/ip_address.h"
#include "core/base/result.h"
#include "dns/tls/tls_context.h"

#include <span>
#include <string_view>

namespace sporvakt::dns {

/// What we are called where a name is needed.  home.arpa is for names of a house (RFC 8375).
constexpr std::string_view kResolverName = "sporvakt.home.arpa";

/// Sees to it that `files` hold a certificate that we signed ourselves, for kResolverName and
/// `addresses`, and its key (EC P-256).  What is there already is kept, so that clients that have
/// pinned the key go on to trust it; the certificate is made anew, of the same key, when it does
/// not name one of the addresses, or ends within 30 days of its ten years.
///
/// The key can be read by the owner of this process alone.  Files appear whole or not at all.
Result<void> provide_certificate(const TlsFiles& files, std::span<const IpAddress> addresses,
                                 Timestamp now);

}  // namespace sporvakt::dns
