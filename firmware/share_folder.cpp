#include "firmware/share_folder.h"

#include <filesystem>
#include <system_error>

namespace sporvakt::firmware {

Result<std::string> share_file(std::string_view name) {
    std::error_code failure;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", failure);
    if (failure) {
        return fail(Errc::Unavailable, "finding the program's own folder in /proc/self/exe: " +
                                           failure.message() + "; is /proc mounted?");
    }
    return (program.parent_path().parent_path() / "share" / "sporvakt" / name).string();
}

}  // namespace sporvakt::firmware
