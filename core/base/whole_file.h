#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>

namespace sporvakt {

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
