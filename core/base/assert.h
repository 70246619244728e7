#pragma once

namespace sporvakt::detail {

/// Says where the program broke its own promise, then aborts; the supervisor starts the role again.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace sporvakt::detail

// For bugs only, never for input.  On in every build: a wrong report is worse than a restart.
#define SPORVAKT_ASSERT(condition)      \
    ((condition) ? static_cast<void>(0) \
                 : ::sporvakt::detail::assertion_failed(#condition, __FILE__, __LINE__))
