#include "core/trackers/line_reader.h"

#include "core/base/ascii.h"
#include "core/trackers/words.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace sporvakt::trackers {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{256} * 1024;
static_assert(kBufferBytes > 2 * LineReader::kLineBytesMax);

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && kBlanks.find(c) == std::string_view::npos) || byte == 0x7f;
}

/// What a server sends instead of a list: an error page, a login page.
bool is_markup(std::string_view line) {
    constexpr std::array<std::string_view, 6> kTags{"<!doctype", "<html", "<head",
                                                    "<body",     "<?xml", "<script"};
    constexpr std::size_t kLongestTag = 9;
    const std::string start = lowered(trimmed(line).substr(0, kLongestTag));
    return std::any_of(kTags.begin(), kTags.end(),
                       [&](std::string_view tag) { return start.starts_with(tag); });
}

}  // namespace

LineReader::LineReader(std::string path, FileDescriptor file)
    : path_(std::move(path)), file_(std::move(file)), buffer_(kBufferBytes) {}

Result<LineReader> LineReader::open(const std::string& path) {
    FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) {
        return system_failure("opening the list " + path);
    }
    LineReader reader(path, std::move(file));
    SPORVAKT_TRY(reader.fill());
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    if (reader.beginning().starts_with(kByteOrderMark)) {
        reader.start_ += kByteOrderMark.size();
    }
    return reader;
}

std::string_view LineReader::beginning() const {
    return {buffer_.data() + start_, std::min(end_ - start_, kLineBytesMax)};
}

Result<void> LineReader::fill() {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(start_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= start_;
    start_ = 0;
    while (end_ < buffer_.size() && !is_at_end_) {
        const ssize_t count = ::read(file_.get(), buffer_.data() + end_, buffer_.size() - end_);
        if (count < 0 && errno != EINTR) {
            return system_failure("reading the list " + path_);
        }
        is_at_end_ = count == 0;
        end_ += count > 0 ? static_cast<std::size_t>(count) : 0U;
    }
    return {};
}

Result<std::optional<std::string_view>> LineReader::next() {
    std::string_view rest(buffer_.data() + start_, end_ - start_);
    std::size_t length = rest.find('\n');
    if (length == std::string_view::npos && !is_at_end_) {
        SPORVAKT_TRY(fill());
        rest = {buffer_.data() + start_, end_ - start_};
        length = rest.find('\n');
    }
    if (rest.empty()) {
        return std::nullopt;
    }
    ++line_number_;
    const std::string_view line = rest.substr(0, length);
    SPORVAKT_TRY(check(line));
    start_ += line.size() + (length == std::string_view::npos ? 0U : 1U);
    return line;
}

Result<void> LineReader::check(std::string_view line) const {
    if (line.size() > kLineBytesMax) {
        return refused("the line is longer than 64 KiB");
    }
    if (std::any_of(line.begin(), line.end(), is_control)) {
        return refused("it holds bytes that are not text");
    }
    if (is_markup(line)) {
        return refused("this is a web page");
    }
    return {};
}

tl::unexpected<Error> LineReader::refused(const std::string& why) const {
    return fail(Errc::InvalidInput, path_ + ":" + std::to_string(line_number_) +
                                        ": not a list: " + why + "; nothing of it was taken");
}

}  // namespace sporvakt::trackers
