#include "firmware/lists/update_watch.h"

#include "firmware/lists/list_updater.h"

#include <array>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <sys/inotify.h>
#include <unistd.h>

namespace sporvakt::firmware {

Result<UpdateWatch> UpdateWatch::open(const std::string& folder) {
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    FileDescriptor file(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    if (!file.is_open() || ::inotify_add_watch(file.get(), folder.c_str(), IN_CLOSE_WRITE) < 0) {
        return system_failure("cannot watch " + folder);
    }
    return UpdateWatch(std::move(file));
}

bool UpdateWatch::take_end() {
    constexpr std::size_t kHeader = sizeof(inotify_event);
    std::array<char, 4096> bytes{};
    bool has_ended = false;
    for (ssize_t count = 0; (count = ::read(file_.get(), bytes.data(), bytes.size())) > 0;) {
        std::string_view rest(bytes.data(), static_cast<std::size_t>(count));
        while (rest.size() >= kHeader) {
            inotify_event event{};
            std::memcpy(&event, rest.data(), kHeader);
            const std::string_view name = rest.substr(kHeader, event.len);
            // The name is filled up with zeros.
            has_ended = has_ended || (event.mask & IN_Q_OVERFLOW) != 0 ||
                        name.substr(0, name.find('\0')) == kUpdateLock;
            rest.remove_prefix(kHeader + name.size());
        }
    }
    return has_ended;
}

}  // namespace sporvakt::firmware
