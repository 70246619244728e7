#pragma once

#include "core/base/result.h"

#include <chrono>
#include <cstdint>
#include <string>

struct MDB_env;

namespace sporvakt::store {

enum class Overwritten : std::uint8_t {
    All,
    SomeForWantOfRoom,  ///< The map is full: make it larger and call again.
};

/// Fills every page of the file that is free now with zeros: LMDB leaves in it what it held.  Takes
/// a few commits, and leaves the file a few pages larger.  `path` is for messages.
///
/// What another process still reads cannot be overwritten: waits for it, and fails (Unavailable)
/// when it stays longer than `patience`.
Result<Overwritten> overwrite_free_pages(MDB_env* environment, const std::string& path,
                                         std::chrono::milliseconds patience);

}  // namespace sporvakt::store
