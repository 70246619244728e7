#pragma once

#include "core/base/byte_reader.h"
#include "core/base/file_descriptor.h"
#include "core/base/result.h"
#include "core/store/environment.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace sporvakt::store {

/// A file of records that only grows, beside a database: it makes news safe from a power cut for
/// one or two blocks, where a commit of LMDB writes a dozen.  Once the news is in the database the
/// journal is emptied.  One writer; not thread-safe.
///
/// Each record carries its length and CRC-32 (docs/storage-format.md).  Reading ends at the first
/// that is not whole: a power cut tore it, and nobody was told that it was safe.
class Journal {
public:
    static constexpr std::size_t kRecordBytesMax = std::size_t{1} << 20U;

    /// ReadWrite creates the file and cuts off a torn end.  ReadOnly takes a missing one for empty.
    static Result<Journal> open(const std::string& path, Access access);

    /// Shows the whole records, oldest first.
    Result<void> replay(const std::function<void(Bytes)>& visitor) const;

    /// Safe when it returns; on an error none of the records is kept.
    Result<void> append(const std::vector<std::vector<std::uint8_t>>& records);

    /// Empties it.
    Result<void> clear();

    /// Bytes of whole records.
    [[nodiscard]] std::uint64_t size() const { return size_; }

private:
    Journal(std::string path, FileDescriptor file)
        : path_(std::move(path)), file_(std::move(file)) {}

    [[nodiscard]] Result<std::vector<std::uint8_t>> read_all() const;
    [[nodiscard]] tl::unexpected<Error> failed(const char* what) const;

    std::string path_;
    FileDescriptor file_;
    std::uint64_t size_ = 0;
};

}  // namespace sporvakt::store
