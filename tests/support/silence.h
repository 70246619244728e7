#pragma once

#include <fcntl.h>
#include <unistd.h>

namespace sporvakt::test {

/// What this process says on its standard error from now on, nobody reads: for children that log.
inline void silence_errors() {
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    ::dup2(nowhere, STDERR_FILENO);
    ::close(nowhere);
}

}  // namespace sporvakt::test
