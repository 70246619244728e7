#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sporvakt::firmware {

/// Whom a Fetcher speaks to.
enum class Reach : std::uint8_t {
    Https,     ///< Anybody, encrypted and with a certificate that this machine trusts.
    Loopback,  ///< Servers of tests: this machine alone, also by plain HTTP.
};

constexpr std::size_t kListUrlLengthMax = 2048;

/// Why a list cannot be had from this address, in words that follow "'URL' "; nothing when it can.
/// It must be https://HOST/..., written in printable ASCII as RFC 3986 has it, and name no user:
/// what stands in a configuration must not hold a password.
std::optional<std::string> fault_of_list_url(std::string_view url, Reach reach);

/// The host of such an address, in lower case and without the port; an IPv6 address keeps its
/// brackets.
std::string host_of_list_url(std::string_view url);

}  // namespace sporvakt::firmware
