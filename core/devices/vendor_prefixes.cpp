#include "core/devices/vendor_prefixes.h"

#include "core/base/file_descriptor.h"

#include <array>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>

namespace sporvakt::devices {
namespace {

// MA-S, MA-M, MA-L in hexadecimal digits: the most exact wins.
constexpr std::array<std::size_t, 3> kPrefixDigits{9, 7, 6};

/// What follows the key in the one line that has it.  `lines` are sorted by their bytes.
std::optional<std::string_view> find_line(std::string_view lines, std::string_view key) {
    while (!lines.empty()) {
        // The line that holds the middle byte.
        const std::size_t middle = lines.size() / 2;
        const std::size_t newline_before = lines.rfind('\n', middle == 0 ? 0 : middle - 1);
        const bool is_first = newline_before == std::string_view::npos || middle == 0;
        const std::size_t start = is_first ? 0 : newline_before + 1;
        const std::string_view line = lines.substr(start, lines.find('\n', start) - start);
        const std::string_view line_key = line.substr(0, line.find('\t'));
        if (line_key == key) {
            return line.substr(std::min(line.size(), key.size() + 1));
        }
        lines = line_key < key ? lines.substr(std::min(lines.size(), start + line.size() + 1))
                               : lines.substr(0, start);
    }
    return std::nullopt;
}

}  // namespace

Result<std::shared_ptr<const VendorPrefixes>> VendorPrefixes::open(const std::string& path) {
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status {};
    if (!file.is_open() || fstat(file.get(), &status) != 0) {
        return system_failure("vendors: cannot read " + path + " (reinstall sporvakt)");
    }
    const auto length = static_cast<std::size_t>(status.st_size);
    if (length == 0) {
        return fail(Errc::Storage, "vendors: " + path + " is empty; reinstall sporvakt");
    }
    void* mapped = mmap(nullptr, length, PROT_READ, MAP_SHARED, file.get(), 0);
    if (mapped == MAP_FAILED) {  // NOLINT: the macro's own cast
        return system_failure("vendors: cannot map " + path);
    }
    const std::string_view lines(static_cast<const char*>(mapped), length);
    return std::shared_ptr<const VendorPrefixes>(new VendorPrefixes(lines));
}

VendorPrefixes::~VendorPrefixes() {
    munmap(const_cast<char*>(lines_.data()), lines_.size());  // NOLINT: munmap takes no const
}

std::optional<std::string_view> VendorPrefixes::vendor_of(const MacAddress& mac) const {
    if (mac.is_local() || mac.is_group()) {
        return std::nullopt;
    }
    const std::string digits = fmt::format("{:02X}", fmt::join(mac.bytes(), ""));
    for (const std::size_t count : kPrefixDigits) {
        const auto vendor = find_line(lines_, std::string_view(digits).substr(0, count));
        if (vendor && !vendor->empty()) {
            return vendor;
        }
    }
    return std::nullopt;
}

}  // namespace sporvakt::devices
