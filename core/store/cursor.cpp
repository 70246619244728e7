#include "core/store/cursor.h"

#include "core/store/failure.h"
#include "core/store/mdb_value.h"

namespace sporvakt::store {

void Cursor::Close::operator()(MDB_cursor* cursor) const {
    mdb_cursor_close(cursor);
}

Result<std::optional<Entry>> Cursor::move(int step) {
    MDB_val key{};
    MDB_val value{};
    const int code = mdb_cursor_get(cursor_.get(), &key, &value, static_cast<MDB_cursor_op>(step));
    if (code == MDB_NOTFOUND) {
        return std::nullopt;
    }
    if (code != MDB_SUCCESS) {
        return failure(*path_, "read", code);
    }
    return Entry{bytes_of(key), bytes_of(value)};
}

Result<std::optional<Entry>> Cursor::first() {
    return move(MDB_FIRST);
}

Result<std::optional<Entry>> Cursor::last() {
    return move(MDB_LAST);
}

Result<std::optional<Entry>> Cursor::next() {
    return move(MDB_NEXT);
}

Result<std::optional<Entry>> Cursor::previous() {
    return move(MDB_PREV);
}

Result<std::optional<Entry>> Cursor::seek(Bytes key) {
    MDB_val wanted = mdb_value(key);
    MDB_val value{};
    const int code = mdb_cursor_get(cursor_.get(), &wanted, &value, MDB_SET_RANGE);
    if (code == MDB_NOTFOUND) {
        return std::nullopt;
    }
    if (code != MDB_SUCCESS) {
        return failure(*path_, "read", code);
    }
    return Entry{bytes_of(wanted), bytes_of(value)};
}

Result<std::optional<Entry>> Cursor::seek_before(Bytes key) {
    const std::optional<Entry> at_or_after = SPORVAKT_TRY(seek(key));
    return at_or_after ? previous() : last();
}

}  // namespace sporvakt::store
