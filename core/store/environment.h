#pragma once

#include "core/base/result.h"
#include "core/store/map_guard.h"
#include "core/store/table.h"
#include "core/store/transaction.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct MDB_env;

namespace sporvakt::store {

enum class Access : std::uint8_t { ReadOnly, ReadWrite };

/// Whether readers and writers of other processes are to be minded.
enum class Sharing : std::uint8_t {
    Locked,     ///< A file that is written while others read it.  Needs to write PATH-lock.
    Immutable,  ///< A finished file that is only ever replaced as a whole: no lock file.
};

/// When what was committed is safe from a power cut.
enum class Durability : std::uint8_t {
    EachCommit,
    AtSync,  ///< Only after sync(): for building a file that nobody reads yet.
};

struct EnvironmentOptions {
    Access access = Access::ReadOnly;
    Sharing sharing = Sharing::Locked;
    Durability durability = Durability::EachCommit;

    /// The tables that the caller wants, in any order.  ReadWrite creates what is missing;
    /// ReadOnly fails on it.
    std::vector<std::string> tables;
    /// Likewise, but ReadOnly goes on without those that an older writer did not make.
    std::vector<std::string> late_tables;

    /// Address space, not disk: the file takes only what is used.  A reader needs none of this; the
    /// file says how large it is.  update() doubles the map up to the maximum when it is full.
    std::size_t map_size = std::size_t{64} << 20U;
    std::size_t map_size_max = std::size_t{256} << 20U;  ///< Fits a 32-bit machine too.

    /// How long a change of the map's size waits for the process's own transactions to end.
    std::chrono::milliseconds resize_wait{2000};
};

/// One LMDB file (and PATH-lock beside it) with named tables.  Thread-safe.
///
/// Open a file once in a process and share the object: LMDB's locks are lost when a second opening
/// is closed (lmdb.h, "Caveats"; Sharing::Immutable is free of that).  Do not use it in a child
/// after fork(): open it there.  It outlives its transactions.
class Environment {
public:
    static Result<std::unique_ptr<Environment>> open(const std::string& path,
                                                     const EnvironmentOptions& options);

    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
    Environment(Environment&&) = delete;
    Environment& operator=(Environment&&) = delete;
    ~Environment();

    /// One of the tables that were asked for when opening; any other is a bug.
    [[nodiscard]] Table table(std::string_view name) const;

    /// One of them, or of the late ones if the file has it.
    [[nodiscard]] std::optional<Table> find_table(std::string_view name) const;

    /// Follows the writer's process when that has made the map larger.
    [[nodiscard]] Result<ReadTransaction> begin_read();

    /// Waits for the running write transaction, of whichever process.  Frees what readers that were
    /// killed still held.
    [[nodiscard]] Result<WriteTransaction> begin_write();

    /// Runs `work` in a write transaction and commits it.  When the map turns out to be too small,
    /// all is undone, the map doubled and `work` run again: it must have no other effect.
    Result<void> update(const std::function<Result<void>(WriteTransaction&)>& work);

    /// Flushes to the disk; needed with Durability::AtSync only.
    Result<void> sync();

    /// Writes all tables anew and zeros over what was free, so that nothing of what was erased
    /// before is left in the file's bytes.  For that it needs the tables' size in memory and again
    /// on the disk, and waits for the transactions of this process, and for readers of others, to
    /// end.  ReadWrite only.  On an error everything that is stored is there as before; the object
    /// may then be unusable, and says so in every transaction.
    Result<void> overwrite_erased();

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] Access access() const { return options_.access; }

    /// Number of the last transaction that any process committed; grows with each that wrote.
    [[nodiscard]] std::uint64_t last_commit() const;

    /// Bytes of the file that are in use or were once: what the disk must hold.
    [[nodiscard]] std::uint64_t used_bytes() const;

private:
    friend class ReadTransaction;
    friend class WriteTransaction;
    struct Close {
        void operator()(MDB_env* environment) const;
    };

    Environment(std::string path, EnvironmentOptions options);

    Result<void> open_file();
    [[nodiscard]] bool is_cut_short() const;
    Result<void> open_tables(MDB_txn* transaction);
    Result<void> reopen();
    Result<void> write_anew();
    Result<MDB_txn*> begin(unsigned flags);
    /// `size` 0 takes over the size that another process gave the file.
    Result<void> resize(std::size_t size);
    /// Doubles the map; false where it is as large as it may be.
    Result<bool> grow();

    std::string path_;
    EnvironmentOptions options_;
    MapGuard guard_;
    std::unique_ptr<MDB_env, Close> environment_;
    std::map<std::string, Table, std::less<>> tables_;
};

}  // namespace sporvakt::store
