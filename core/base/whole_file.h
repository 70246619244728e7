#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace sporvakt {

/// All that is in a file of at most `bytes_max` bytes.  NotFound when it cannot be opened,
/// InvalidInput when there is more in it; the message begins with the path.
Result<std::string> read_whole_file(const std::string& path, std::size_t bytes_max);

// A file that is replaced as a whole: who reads it, also after a power cut or kill -9 at any
// moment, finds all of the old one or all of the new one.  Not for two writers of one path at a
// time.

/// Renames `from`, which its writer has secured (fsync), to `to` and secures that too.  Both are in
/// one folder.
Result<void> put_in_place(const std::string& from, const std::string& to);

/// Writes PATH.new, readable for its owner alone, and puts it in place.  On a failure PATH is as it
/// was and PATH.new is gone.
Result<void> replace_file(const std::string& path, std::string_view content);

}  // namespace sporvakt
