#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sporvakt::webui {

constexpr std::size_t kPasswordBytesMin = 10;
constexpr std::size_t kPasswordBytesMax = 256;

/// How much work one guess costs.  Least is for tests; a stored hash says its own cost.
enum class PasswordCost : std::uint8_t { Household, Least };

/// Argon2id (RFC 9106) with a fresh salt, as a PHC string.  Fails only when memory is short.
Result<std::string> hash_password(std::string_view password,
                                  PasswordCost cost = PasswordCost::Household);

/// Whether the password is the one behind the hash.  Takes as long for a wrong one as for the
/// right one, and 32 MiB while it runs: callers take turns.
bool is_password(std::string_view password, const std::string& hash);

}  // namespace sporvakt::webui
