#include "firmware/history/storage_lock.h"

#include <thread>

#include <fcntl.h>
#include <sys/file.h>

namespace sporvakt::firmware {
namespace {

constexpr std::chrono::milliseconds kStep{20};

}  // namespace

Result<std::optional<StorageLock>> StorageLock::take(const std::string& dir,
                                                     std::chrono::milliseconds patience) {
    const std::string path = dir + "/lock";
    FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file.is_open()) {
        return system_failure("cannot use " + path);
    }
    const auto until = std::chrono::steady_clock::now() + patience;
    while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        if (std::chrono::steady_clock::now() >= until) {
            return std::optional<StorageLock>();
        }
        std::this_thread::sleep_for(kStep);
    }
    return std::optional(StorageLock(std::move(file)));
}

}  // namespace sporvakt::firmware
