#include "core/store/transaction.h"

#include "core/base/assert.h"
#include "core/store/environment.h"
#include "core/store/failure.h"
#include "core/store/mdb_value.h"

namespace sporvakt::store {

void ReadTransaction::End::operator()(MDB_txn* transaction) const {
    mdb_txn_abort(transaction);
    environment->guard_.leave();
}

const std::string& ReadTransaction::path() const {
    return transaction_.get_deleter().environment->path();
}

Result<std::optional<Bytes>> ReadTransaction::get(Table table, Bytes key) const {
    MDB_val wanted = mdb_value(key);
    MDB_val value{};
    const int code = mdb_get(transaction_.get(), table.handle(), &wanted, &value);
    if (code == MDB_NOTFOUND) {
        return std::nullopt;
    }
    if (code != MDB_SUCCESS) {
        return failure(path(), "read", code);
    }
    return bytes_of(value);
}

Result<std::uint64_t> ReadTransaction::count(Table table) const {
    MDB_stat stat{};
    const int code = mdb_stat(transaction_.get(), table.handle(), &stat);
    if (code != MDB_SUCCESS) {
        return failure(path(), "count entries", code);
    }
    return std::uint64_t{stat.ms_entries};
}

Result<std::uint64_t> ReadTransaction::bytes_in(Table table) const {
    MDB_stat stat{};
    const int code = mdb_stat(transaction_.get(), table.handle(), &stat);
    if (code != MDB_SUCCESS) {
        return failure(path(), "measure a table", code);
    }
    const std::uint64_t pages = stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages;
    return pages * stat.ms_psize;
}

Result<Cursor> ReadTransaction::cursor(Table table) const {
    MDB_cursor* cursor = nullptr;
    const int code = mdb_cursor_open(transaction_.get(), table.handle(), &cursor);
    if (code != MDB_SUCCESS) {
        return failure(path(), "read", code);
    }
    return Cursor(cursor, path());
}

Result<void> ReadTransaction::visit(Table table, const KeyRange& range,
                                    const std::function<Visit(const Entry&)>& visitor) const {
    Cursor walk = SPORVAKT_TRY(cursor(table));
    std::optional<Entry> entry =
        range.from.empty() ? SPORVAKT_TRY(walk.first()) : SPORVAKT_TRY(walk.seek(range.from));
    while (entry && range.is_before_end(entry->key) && visitor(*entry) == Visit::Continue) {
        entry = SPORVAKT_TRY(walk.next());
    }
    return {};
}

tl::unexpected<Error> WriteTransaction::failed(const char* what, int code) {
    map_is_full_ = map_is_full_ || code == MDB_MAP_FULL;
    return failure(path(), what, code);
}

Result<void> WriteTransaction::put_with(Table table, Entry entry, unsigned flags) {
    MDB_val wanted = mdb_value(entry.key);
    MDB_val content = mdb_value(entry.value);
    const int code = mdb_put(transaction_.get(), table.handle(), &wanted, &content, flags);
    if (code != MDB_SUCCESS) {
        return failed("write", code);
    }
    return {};
}

Result<void> WriteTransaction::put(Table table, Bytes key, Bytes value) {
    return put_with(table, {key, value}, 0);
}

Result<void> WriteTransaction::append(Table table, Bytes key, Bytes value) {
    return put_with(table, {key, value}, MDB_APPEND);
}

Result<std::span<std::uint8_t>> WriteTransaction::reserve(Table table, Bytes key,
                                                          std::size_t size) {
    MDB_val wanted = mdb_value(key);
    MDB_val room{size, nullptr};
    const int code =
        mdb_put(transaction_.get(), table.handle(), &wanted, &room, MDB_RESERVE | MDB_NOOVERWRITE);
    if (code != MDB_SUCCESS) {
        return failed("write", code);
    }
    return std::span<std::uint8_t>(static_cast<std::uint8_t*>(room.mv_data), room.mv_size);
}

Result<bool> WriteTransaction::erase(Table table, Bytes key) {
    MDB_val wanted = mdb_value(key);
    const int code = mdb_del(transaction_.get(), table.handle(), &wanted, nullptr);
    if (code != MDB_SUCCESS && code != MDB_NOTFOUND) {
        return failed("remove an entry", code);
    }
    return code == MDB_SUCCESS;
}

Result<void> WriteTransaction::erase(Cursor& at) {
    const int code = mdb_cursor_del(at.cursor_.get(), 0);
    if (code != MDB_SUCCESS) {
        return failed("remove an entry", code);
    }
    return {};
}

Result<std::size_t> WriteTransaction::erase_range(Table table, const KeyRange& range,
                                                  std::size_t limit) {
    Cursor walk = SPORVAKT_TRY(cursor(table));
    std::optional<Entry> entry =
        range.from.empty() ? SPORVAKT_TRY(walk.first()) : SPORVAKT_TRY(walk.seek(range.from));
    std::size_t erased = 0;
    while (entry && erased < limit && range.is_before_end(entry->key)) {
        SPORVAKT_TRY(erase(walk));
        ++erased;
        entry = SPORVAKT_TRY(walk.next());
    }
    return erased;
}

Result<void> WriteTransaction::clear(Table table) {
    const int code = mdb_drop(transaction_.get(), table.handle(), 0);
    if (code != MDB_SUCCESS) {
        return failed("empty a table", code);
    }
    return {};
}

Result<void> WriteTransaction::commit() {
    SPORVAKT_ASSERT(transaction_ != nullptr);
    const int code = mdb_txn_commit(transaction_.release());
    transaction_.get_deleter().environment->guard_.leave();
    if (code == MDB_SUCCESS) {
        return {};
    }
    return failed("commit", code);
}

}  // namespace sporvakt::store
