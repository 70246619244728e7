#include "core/base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace sporvakt::detail {

void assertion_failed(const char* condition, const char* file, int line) {
    // Plain stdio: the logger may be what is broken.
    static_cast<void>(
        std::fprintf(stderr, "<2>%s:%d: broken promise: %s\n", file, line, condition));
    std::abort();
}

}  // namespace sporvakt::detail
