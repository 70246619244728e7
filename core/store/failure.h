#pragma once

#include "core/base/result.h"

#include <string>

namespace sporvakt::store {

/// The error for a code that LMDB returned: what failed on which file, why, and what to do.
/// Never called with success.
[[nodiscard]] tl::unexpected<Error> failure(const std::string& path, const std::string& what,
                                            int code);

}  // namespace sporvakt::store
