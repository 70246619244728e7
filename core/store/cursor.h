#pragma once

#include "core/base/byte_reader.h"
#include "core/base/result.h"

#include <memory>
#include <optional>
#include <string>

struct MDB_cursor;

namespace sporvakt::store {

/// A key and its value, read in place: the views end with the transaction, or with its next write.
struct Entry {
    Bytes key;
    Bytes value;
};

/// Walks one table in key order, both ways.  Ends before its transaction does.  Not thread-safe.
/// Every step gives nothing once there is no such entry.
class Cursor {
public:
    Result<std::optional<Entry>> first();
    Result<std::optional<Entry>> last();
    Result<std::optional<Entry>> next();
    Result<std::optional<Entry>> previous();

    /// The first entry whose key is not less.  `key` has at least one byte.
    Result<std::optional<Entry>> seek(Bytes key);

    /// The last entry whose key is less.
    Result<std::optional<Entry>> seek_before(Bytes key);

private:
    friend class ReadTransaction;
    friend class WriteTransaction;
    struct Close {
        void operator()(MDB_cursor* cursor) const;
    };
    Cursor(MDB_cursor* cursor, const std::string& path) : cursor_(cursor), path_(&path) {}

    Result<std::optional<Entry>> move(int step);

    std::unique_ptr<MDB_cursor, Close> cursor_;
    const std::string* path_;
};

}  // namespace sporvakt::store
