#pragma once

#include "core/base/file_descriptor.h"
#include "core/base/result.h"

#include <string>
#include <utility>

namespace sporvakt::firmware {

/// Notices when an update of the subscribed lists has ended, whoever made it (the gateway's own
/// child, or `sporvakt lists update`) and however: also when it was killed.  By inotify(7) on the
/// file on which an update holds its lock.  One thread.
class UpdateWatch {
public:
    /// Watches FOLDER (ListUpdater), which is made if it is missing.
    static Result<UpdateWatch> open(const std::string& folder);

    /// Readable (poll(2)) when something happened in the folder.
    [[nodiscard]] int descriptor() const { return file_.get(); }

    /// Reads what happened; whether an update ended since the last call.
    [[nodiscard]] bool take_end();

private:
    explicit UpdateWatch(FileDescriptor file) : file_(std::move(file)) {}

    FileDescriptor file_;
};

}  // namespace sporvakt::firmware
