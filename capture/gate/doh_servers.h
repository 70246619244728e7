#pragma once

#include "core/base/ip_address.h"

#include <span>
#include <string_view>

namespace sporvakt::capture {

/// Whether a public resolver answers DNS over HTTPS (RFC 8484) under this name or one above it:
/// those that browsers, phones and their owners choose from, as their operators announce them.
/// `name` is in DomainName's form.
bool is_doh_server(std::string_view name);

/// Addresses at which nothing but such resolvers answers HTTPS, as text: clients that are told an
/// address send no name.
std::span<const std::string_view> doh_server_addresses(IpFamily family);

}  // namespace sporvakt::capture
