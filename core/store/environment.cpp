#include "core/store/environment.h"

#include "core/base/assert.h"
#include "core/store/failure.h"
#include "core/store/free_pages.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include <lmdb.h>

namespace sporvakt::store {
namespace {

constexpr mdb_mode_t kFileMode = 0640;  // what devices do is nobody else's business

unsigned flags_of(const EnvironmentOptions& options) {
    unsigned flags = MDB_NOSUBDIR | MDB_NOTLS;
    flags |= options.access == Access::ReadOnly ? unsigned{MDB_RDONLY} : 0U;
    flags |= options.sharing == Sharing::Immutable ? unsigned{MDB_NOLOCK} : 0U;
    flags |= options.durability == Durability::AtSync ? unsigned{MDB_NOSYNC} : 0U;
    return flags;
}

}  // namespace

void Environment::Close::operator()(MDB_env* environment) const {
    mdb_env_close(environment);
}

Environment::Environment(std::string path, EnvironmentOptions options)
    : path_(std::move(path)), options_(std::move(options)) {}

Environment::~Environment() = default;

Result<std::unique_ptr<Environment>> Environment::open(const std::string& path,
                                                       const EnvironmentOptions& options) {
    std::unique_ptr<Environment> opened(new Environment(path, options));
    SPORVAKT_TRY(opened->open_file());
    const bool writable = options.access == Access::ReadWrite;
    MDB_txn* const transaction = SPORVAKT_TRY(opened->begin(writable ? 0U : unsigned{MDB_RDONLY}));
    const Result<void> found = opened->open_tables(transaction);
    opened->guard_.leave();
    if (!found) {
        return tl::unexpected(found.error());
    }
    return opened;
}

Result<void> Environment::open_file() {
    MDB_env* raw = nullptr;
    if (const int code = mdb_env_create(&raw); code != MDB_SUCCESS) {
        return failure(path_, "open", code);
    }
    environment_.reset(raw);
    // One more: overwrite_free_pages() has a table of its own.
    int code = mdb_env_set_maxdbs(
        raw, static_cast<MDB_dbi>(options_.tables.size() + options_.late_tables.size() + 1));
    if (code == MDB_SUCCESS) {
        code = mdb_env_set_mapsize(raw, options_.map_size);
    }
    if (code == MDB_SUCCESS) {
        code = mdb_env_open(raw, path_.c_str(), flags_of(options_), kFileMode);
    }
    if (code == MDB_SUCCESS && is_cut_short()) {
        code = MDB_CORRUPTED;
    }
    if (code != MDB_SUCCESS) {
        return failure(path_, "open", code);
    }
    return {};
}

// Reading a mapped file beyond its end kills the process (SIGBUS), so it is found out before.  Only
// of files that were copied: one that is being written may end before its last page, which the
// writer took and gave back in one transaction and so never wrote.
bool Environment::is_cut_short() const {
    std::error_code unknown;
    const std::uintmax_t size = std::filesystem::file_size(path_, unknown);
    return options_.sharing == Sharing::Immutable && options_.access == Access::ReadOnly &&
           !unknown && size < used_bytes();
}

// Ends the transaction.
Result<void> Environment::open_tables(MDB_txn* transaction) {
    const unsigned flags = options_.access == Access::ReadWrite ? unsigned{MDB_CREATE} : 0U;
    int code = MDB_SUCCESS;
    for (const std::string& name : options_.tables) {
        MDB_dbi handle = 0;
        code = mdb_dbi_open(transaction, name.c_str(), flags, &handle);
        if (code != MDB_SUCCESS) {
            break;
        }
        tables_.emplace(name, Table(handle));
    }
    for (const std::string& name : options_.late_tables) {
        if (code != MDB_SUCCESS) {
            break;  // one of the others is missing
        }
        MDB_dbi handle = 0;
        code = mdb_dbi_open(transaction, name.c_str(), flags, &handle);
        if (code == MDB_SUCCESS) {
            tables_.insert_or_assign(name, Table(handle));
        } else if (code == MDB_NOTFOUND && options_.access == Access::ReadOnly) {
            code = MDB_SUCCESS;
        }
    }
    if (code == MDB_SUCCESS) {
        code = mdb_txn_commit(transaction);  // a read transaction too: it keeps the handles open
    } else {
        mdb_txn_abort(transaction);
    }
    if (code != MDB_SUCCESS) {
        return failure(path_, "find its tables", code);
    }
    return {};
}

Table Environment::table(std::string_view name) const {
    const auto found = tables_.find(name);
    SPORVAKT_ASSERT(found != tables_.end());
    return found->second;
}

std::optional<Table> Environment::find_table(std::string_view name) const {
    const auto found = tables_.find(name);
    return found == tables_.end() ? std::nullopt : std::optional(found->second);
}

Result<MDB_txn*> Environment::begin(unsigned flags) {
    MDB_txn* transaction = nullptr;
    int code = MDB_MAP_RESIZED;
    // Twice is enough for a resize that happened before; a second one in between is tried again.
    for (int attempt = 0; attempt < 3 && code == MDB_MAP_RESIZED; ++attempt) {
        if (attempt > 0) {
            SPORVAKT_TRY(resize(0));
        }
        guard_.enter();
        if (!environment_) {
            guard_.leave();
            return fail(Errc::Storage,
                        path_ + ": could not be opened again; start the program anew");
        }
        code = mdb_txn_begin(environment_.get(), nullptr, flags, &transaction);
        if (code != MDB_SUCCESS) {
            guard_.leave();
        }
    }
    if (code != MDB_SUCCESS) {
        return failure(path_, "begin a transaction", code);
    }
    return transaction;
}

Result<ReadTransaction> Environment::begin_read() {
    return ReadTransaction(SPORVAKT_TRY(begin(MDB_RDONLY)), *this);
}

Result<WriteTransaction> Environment::begin_write() {
    if (environment_) {
        int freed = 0;
        static_cast<void>(mdb_reader_check(environment_.get(), &freed));  // without it, only larger
    }
    return WriteTransaction(SPORVAKT_TRY(begin(0)), *this);
}

Result<void> Environment::update(const std::function<Result<void>(WriteTransaction&)>& work) {
    while (true) {
        Result<void> outcome;
        bool map_was_full = false;
        {
            WriteTransaction transaction = SPORVAKT_TRY(begin_write());
            outcome = work(transaction);
            if (outcome) {
                outcome = transaction.commit();
            }
            map_was_full = transaction.map_is_full_;
        }
        if (outcome || !map_was_full || !SPORVAKT_TRY(grow())) {
            return outcome;
        }
    }
}

Result<bool> Environment::grow() {
    MDB_envinfo info{};
    mdb_env_info(environment_.get(), &info);
    const std::size_t size = std::max(options_.map_size, info.me_mapsize);
    if (size >= options_.map_size_max) {
        return false;
    }
    SPORVAKT_TRY(resize(std::min(size * 2, options_.map_size_max)));
    return true;
}

Result<void> Environment::resize(std::size_t size) {
    if (!guard_.enter_alone(options_.resize_wait)) {
        return fail(Errc::Unavailable, path_ +
                                           ": cannot follow its growth: another transaction of "
                                           "this process stays open; try again");
    }
    const int code = mdb_env_set_mapsize(environment_.get(), size);
    guard_.leave_alone();
    if (code != MDB_SUCCESS) {
        return failure(path_, "grow", code);
    }
    return {};
}

// LMDB keeps the buffers of pages that it wrote, and writes the next ones with what is left in
// them. Those of a file that was just opened are empty.
Result<void> Environment::reopen() {
    if (!guard_.enter_alone(options_.resize_wait)) {
        return fail(Errc::Unavailable, path_ +
                                           ": cannot be written anew: another transaction of "
                                           "this process stays open; try again");
    }
    environment_.reset();
    Result<void> opened = open_file();
    if (opened) {
        MDB_txn* transaction = nullptr;
        const int code = mdb_txn_begin(environment_.get(), nullptr, 0, &transaction);
        opened = code == MDB_SUCCESS ? open_tables(transaction)
                                     : Result<void>(failure(path_, "begin a transaction", code));
    }
    if (!opened) {
        environment_.reset();
    }
    guard_.leave_alone();
    return opened;
}

Result<void> Environment::write_anew() {
    return update([this](WriteTransaction& transaction) -> Result<void> {
        const ReadTransaction before = SPORVAKT_TRY(begin_read());
        for (const auto& [name, table] : tables_) {
            SPORVAKT_TRY(transaction.clear(table));
            Cursor cursor = SPORVAKT_TRY(before.cursor(table));
            for (auto entry = SPORVAKT_TRY(cursor.first()); entry;
                 entry = SPORVAKT_TRY(cursor.next())) {
                SPORVAKT_TRY(transaction.append(table, entry->key, entry->value));
            }
        }
        return {};
    });
}

Result<void> Environment::overwrite_erased() {
    SPORVAKT_ASSERT(options_.access == Access::ReadWrite);
    SPORVAKT_TRY(reopen());
    SPORVAKT_TRY(write_anew());
    while (true) {
        guard_.enter();
        const auto done = overwrite_free_pages(environment_.get(), path_, options_.resize_wait);
        guard_.leave();
        if (!done) {
            return tl::unexpected(done.error());
        }
        if (*done == Overwritten::All) {
            return {};
        }
        if (!SPORVAKT_TRY(grow())) {
            return failure(path_, "overwrite what was erased", MDB_MAP_FULL);
        }
    }
}

Result<void> Environment::sync() {
    const int code = mdb_env_sync(environment_.get(), 1);
    if (code != MDB_SUCCESS) {
        return failure(path_, "write to the disk", code);
    }
    return {};
}

std::uint64_t Environment::last_commit() const {
    MDB_envinfo info{};
    mdb_env_info(environment_.get(), &info);
    return info.me_last_txnid;
}

std::uint64_t Environment::used_bytes() const {
    MDB_envinfo info{};
    MDB_stat stat{};
    mdb_env_info(environment_.get(), &info);
    mdb_env_stat(environment_.get(), &stat);
    return (std::uint64_t{info.me_last_pgno} + 1) * stat.ms_psize;
}

}  // namespace sporvakt::store
