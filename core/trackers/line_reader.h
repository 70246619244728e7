#pragma once

#include "core/base/file_descriptor.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::trackers {

/// Reads a file of text line by line, once, in memory that does not depend on its size; a pipe will
/// do.  Refuses bytes that are not a list, with the number of the line.  Not thread-safe.
class LineReader {
public:
    static constexpr std::size_t kLineBytesMax = std::size_t{64} * 1024;

    static Result<LineReader> open(const std::string& path);

    /// The first bytes of the file, none of which next() has given yet.  At most kLineBytesMax.
    [[nodiscard]] std::string_view beginning() const;

    /// The next line without its end; nothing after the last.  Ends with the next call.
    /// Fails when the file cannot be read; or (InvalidInput) with a control character in a line, a
    /// line that is too long, or a page of HTML or XML.
    Result<std::optional<std::string_view>> next();

    /// Of the line that next() gave last, or failed on; the first is 1.
    [[nodiscard]] std::uint64_t line_number() const { return line_number_; }

private:
    LineReader(std::string path, FileDescriptor file);

    Result<void> fill();
    [[nodiscard]] Result<void> check(std::string_view line) const;
    [[nodiscard]] tl::unexpected<Error> refused(const std::string& why) const;

    std::string path_;
    FileDescriptor file_;
    std::vector<char> buffer_;
    std::size_t start_ = 0;  ///< Of what next() has not given yet.
    std::size_t end_ = 0;
    bool is_at_end_ = false;
    std::uint64_t line_number_ = 0;
};

}  // namespace sporvakt::trackers
