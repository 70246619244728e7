#include "core/base/whole_file.h"

#include "core/base/file_descriptor.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace sporvakt {
namespace {

constexpr mode_t kFileMode = 0600;

Result<void> write_and_secure(const std::string& path, std::string_view content) {
    const FileDescriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kFileMode));
    if (!file.is_open()) {
        return system_failure("cannot make " + path);
    }
    while (!content.empty()) {
        const ssize_t written = ::write(file.get(), content.data(), content.size());
        if (written < 0 && errno != EINTR) {
            return system_failure("cannot write " + path);
        }
        content.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
    if (::fsync(file.get()) != 0) {
        return system_failure("cannot write " + path);
    }
    return {};
}

}  // namespace

Result<std::string> read_whole_file(const std::string& path, std::size_t bytes_max) {
    std::ifstream file(path, std::ios::binary);
    std::string content(bytes_max + 1, '\0');
    file.read(content.data(), static_cast<std::streamsize>(content.size()));
    if (!file.eof() && file.fail()) {
        return fail(Errc::NotFound,
                    fmt::format("{}: cannot be read; check the path and its rights", path));
    }
    content.resize(static_cast<std::size_t>(file.gcount()));
    if (content.size() > bytes_max) {
        return fail(Errc::InvalidInput,
                    fmt::format("{}: holds more than {} bytes; check the path", path, bytes_max));
    }
    return content;
}

Result<void> put_in_place(const std::string& from, const std::string& to) {
    if (std::rename(from.c_str(), to.c_str()) != 0) {
        return system_failure("renaming " + from + " to " + to);
    }
    std::string folder = std::filesystem::path(to).parent_path().string();
    folder = folder.empty() ? "." : folder;
    const FileDescriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened.is_open() || ::fsync(opened.get()) != 0) {
        return system_failure("making the new " + to + " durable");
    }
    return {};
}

Result<void> replace_file(const std::string& path, std::string_view content) {
    const std::string beside = path + ".new";
    auto written = write_and_secure(beside, content);
    if (written) {
        written = put_in_place(beside, path);
    }
    if (!written) {
        ::unlink(beside.c_str());
    }
    return written;
}

}  // namespace sporvakt
