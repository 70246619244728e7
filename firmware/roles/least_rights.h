#pragma once

#include "core/base/result.h"

namespace sporvakt::firmware {

/// Takes from this process, for good, what fetching and reading strangers' files does not need: all
/// capabilities (capabilities(7)), the way to get any by starting a program (PR_SET_NO_NEW_PRIVS),
/// and memory dumps.  What belongs to its user stays within its reach.
///
/// For a child process, or a command that does nothing else; before it has threads of its own.
Result<void> keep_least_rights();

}  // namespace sporvakt::firmware
