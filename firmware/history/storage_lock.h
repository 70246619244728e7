#pragma once

#include "core/base/file_descriptor.h"
#include "core/base/result.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace sporvakt::firmware {

/// Who works in a storage directory: a gateway from its start to the end of its last process, or a
/// command that may only change it while none does.  flock(2) on DIR/lock: it goes with the
/// processes that have it, also when they are killed; children made by fork() have it too.
class StorageLock {
public:
    /// Nothing when somebody else has it for longer than `patience`.
    static Result<std::optional<StorageLock>> take(const std::string& dir,
                                                   std::chrono::milliseconds patience);

private:
    explicit StorageLock(FileDescriptor file) : file_(std::move(file)) {}

    FileDescriptor file_;
};

}  // namespace sporvakt::firmware
