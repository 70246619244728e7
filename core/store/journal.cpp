#include "core/store/journal.h"

#include "core/base/byte_writer.h"
#include "core/store/failure.h"

#include <cerrno>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

namespace sporvakt::store {
namespace {

constexpr mode_t kFileMode = 0640;
/// The ledger empties it long before; a larger file is not one of ours.
constexpr std::uint64_t kFileBytesMax = std::uint64_t{64} << 20U;

std::uint32_t checksum(Bytes bytes) {
    return static_cast<std::uint32_t>(
        crc32(crc32(0, nullptr, 0), bytes.data(), static_cast<uInt>(bytes.size())));
}

/// The next record if it is whole.
std::optional<Bytes> next_record(ByteReader& in) {
    const auto length = in.u32();
    const auto expected = in.u32();
    // A file system may leave zeros where a power cut came before the data.
    if (!length || !expected || *length == 0 || *length > Journal::kRecordBytesMax) {
        return std::nullopt;
    }
    const auto payload = in.take(*length);
    return payload && checksum(*payload) == *expected ? std::optional(*payload) : std::nullopt;
}

bool write_at(int file, Bytes bytes, std::uint64_t place) {
    while (!bytes.empty()) {
        const ssize_t written =
            ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(place));
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        place += static_cast<std::uint64_t>(written);
    }
    return true;
}

}  // namespace

tl::unexpected<Error> Journal::failed(const char* what) const {
    return failure(path_, what, errno == 0 ? EIO : errno);
}

Result<Journal> Journal::open(const std::string& path, Access access) {
    const bool writable = access == Access::ReadWrite;
    const int flags = O_CLOEXEC | (writable ? O_RDWR | O_CREAT : O_RDONLY);
    Journal journal(path, FileDescriptor(::open(path.c_str(), flags, kFileMode)));
    if (!journal.file_.is_open()) {
        return errno == ENOENT && !writable ? Result<Journal>(std::move(journal))
                                            : Result<Journal>(journal.failed("open"));
    }
    const std::vector<std::uint8_t> content = SPORVAKT_TRY(journal.read_all());
    ByteReader in(content);
    while (next_record(in)) {
        journal.size_ = content.size() - in.remaining();
    }
    if (writable && ::ftruncate(journal.file_.get(), static_cast<off_t>(journal.size_)) != 0) {
        return journal.failed("repair");
    }
    return journal;
}

Result<std::vector<std::uint8_t>> Journal::read_all() const {
    struct stat status {};
    if (::fstat(file_.get(), &status) != 0) {
        return failed("read");
    }
    if (static_cast<std::uint64_t>(status.st_size) > kFileBytesMax) {
        return fail(Errc::Storage, path_ + ": is no journal of Sporvakt; move it away");
    }
    std::vector<std::uint8_t> content(static_cast<std::size_t>(status.st_size));
    std::size_t have = 0;
    while (have < content.size()) {
        const ssize_t got = ::pread(file_.get(), content.data() + have, content.size() - have,
                                    static_cast<off_t>(have));
        if (got < 0) {
            return failed("read");
        }
        if (got == 0) {
            break;  // its writer emptied it meanwhile
        }
        have += static_cast<std::size_t>(got);
    }
    content.resize(have);
    return content;
}

Result<void> Journal::replay(const std::function<void(Bytes)>& visitor) const {
    if (!file_.is_open()) {
        return {};
    }
    const std::vector<std::uint8_t> content = SPORVAKT_TRY(read_all());
    ByteReader in(content);
    while (const auto record = next_record(in)) {
        visitor(*record);
    }
    return {};
}

Result<void> Journal::append(const std::vector<std::vector<std::uint8_t>>& records) {
    ByteWriter out;
    for (const std::vector<std::uint8_t>& record : records) {
        if (record.empty() || record.size() > kRecordBytesMax) {
            return fail(Errc::InvalidInput, path_ + ": a record must have 1 byte to 1 MiB");
        }
        out.u32(static_cast<std::uint32_t>(record.size())).u32(checksum(record)).bytes(record);
    }
    errno = 0;
    if (!write_at(file_.get(), out.result(), size_) || ::fdatasync(file_.get()) != 0) {
        const auto error = failed("write");
        // What was written of it goes again; where even that fails, the checksum gives it away.
        [[maybe_unused]] const int cut = ::ftruncate(file_.get(), static_cast<off_t>(size_));
        return error;
    }
    size_ += out.result().size();
    return {};
}

Result<void> Journal::clear() {
    if (::ftruncate(file_.get(), 0) != 0) {
        return failed("empty");
    }
    size_ = 0;
    return {};
}

}  // namespace sporvakt::store
