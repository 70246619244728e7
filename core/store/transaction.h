#pragma once

#include "core/base/byte_reader.h"
#include "core/base/result.h"
#include "core/store/cursor.h"
#include "core/store/key_range.h"
#include "core/store/table.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

struct MDB_txn;

namespace sporvakt::store {

class Environment;

/// What a visitor says after each entry.
enum class Visit : std::uint8_t { Continue, Stop };

/// A consistent view of all tables of an Environment, as they were when it began; what writers do
/// meanwhile is not seen.  Keep it short: a long one makes the file grow (lmdb.h, "Caveats").
///
/// May be handed from thread to thread, but is used by one at a time.  The Environment outlives it.
/// All bytes that it gives are read in place and end with it.
class ReadTransaction {
public:
    ReadTransaction(ReadTransaction&& other) noexcept = default;
    ReadTransaction& operator=(ReadTransaction&& other) noexcept = default;
    ReadTransaction(const ReadTransaction&) = delete;
    ReadTransaction& operator=(const ReadTransaction&) = delete;
    ~ReadTransaction() = default;

    [[nodiscard]] Result<std::optional<Bytes>> get(Table table, Bytes key) const;
    [[nodiscard]] Result<std::uint64_t> count(Table table) const;

    /// What the table takes in the file, to whole pages.
    [[nodiscard]] Result<std::uint64_t> bytes_in(Table table) const;

    [[nodiscard]] Result<Cursor> cursor(Table table) const;

    /// Shows the entries of the range in key order until told to stop.
    Result<void> visit(Table table, const KeyRange& range,
                       const std::function<Visit(const Entry&)>& visitor) const;

    /// For error messages.
    [[nodiscard]] const std::string& path() const;

protected:
    friend class Environment;
    /// Aborts what was not committed and tells the Environment that the transaction is over.
    struct End {
        Environment* environment;
        void operator()(MDB_txn* transaction) const;
    };
    ReadTransaction(MDB_txn* transaction, Environment& environment)
        : transaction_(transaction, End{&environment}) {}

    // NOLINTNEXTLINE(misc-non-private-member-variables-in-classes): shared with WriteTransaction.
    std::unique_ptr<MDB_txn, End> transaction_;
};

/// The one write transaction that a database can have at a time, over all processes; beginning a
/// second one waits.  Changes nothing until commit(); without it, all is as before.
///
/// After a failed put the transaction can only be dropped.
class WriteTransaction : public ReadTransaction {
public:
    static constexpr std::size_t kKeyBytesMax = 511;

    Result<void> put(Table table, Bytes key, Bytes value);

    /// Like put, for keys that only grow: fast, and fills the pages wholly.  A key that is not
    /// greater than all in the table is refused.
    Result<void> append(Table table, Bytes key, Bytes value);

    /// Room for a value of that many bytes, to be filled before the next call: a large value is
    /// written in place instead of being built first.  The key must be a new one.
    Result<std::span<std::uint8_t>> reserve(Table table, Bytes key, std::size_t size);

    /// Whether there was such an entry.
    Result<bool> erase(Table table, Bytes key);

    /// Removes the entry that the cursor's last step gave; its next() then gives the following one.
    Result<void> erase(Cursor& at);

    /// Removes at most `limit` entries of the range, lowest keys first; how many they were.
    Result<std::size_t> erase_range(Table table, const KeyRange& range, std::size_t limit);

    /// Empties the table.
    Result<void> clear(Table table);

    /// Makes it durable and ends the transaction, whatever the outcome.  On an error nothing of it
    /// is kept.
    Result<void> commit();

private:
    friend class Environment;
    using ReadTransaction::ReadTransaction;

    Result<void> put_with(Table table, Entry entry, unsigned flags);
    /// Remembers whether the map was too small, for Environment::update.
    tl::unexpected<Error> failed(const char* what, int code);

    bool map_is_full_ = false;
};

}  // namespace sporvakt::store
