#include "core/store/free_pages.h"

#include "core/store/failure.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <thread>

#include <lmdb.h>

namespace sporvakt::store {
namespace {

// LMDB's own table: from a transaction to how many pages it freed, and which.  Only for reading.
constexpr MDB_dbi kFreeList = 0;
constexpr const char* kTable = "overwriting";
constexpr std::chrono::milliseconds kPause{10};

struct End {
    void operator()(MDB_txn* transaction) const { mdb_txn_abort(transaction); }
};
using Transaction = std::unique_ptr<MDB_txn, End>;

struct CloseCursor {
    void operator()(MDB_cursor* cursor) const { mdb_cursor_close(cursor); }
};

/// What LMDB has on its list of free pages.
struct FreePages {
    std::size_t takeable = 0;  ///< LMDB takes none that the last transaction freed.
    std::size_t oldest = 0;    ///< The transaction that freed them first; 0 for none.
};

/// The steps, on one file.  Every call gives LMDB's code.
class Overwriting {
public:
    explicit Overwriting(MDB_env* environment) : environment_(environment) {
        MDB_stat stat{};
        mdb_env_stat(environment_, &stat);
        constexpr std::size_t kPageHeader = 16;
        page_bytes_ = stat.ms_psize - kPageHeader;  // a value of these takes one page for itself
    }

    /// Overwrites what may be taken, and looks at what is free after that.
    int pass(FreePages& left) const {
        FreePages pages;
        int code = look(pages);
        if (code == MDB_SUCCESS) {
            code = overwrite(std::max<std::size_t>(pages.takeable, 1));
        }
        return code == MDB_SUCCESS ? look(left) : code;
    }

private:
    int look(FreePages& pages) const {
        Transaction transaction;
        const int code = begin(MDB_RDONLY, transaction);
        return code == MDB_SUCCESS ? list(transaction.get(), pages) : code;
    }

    /// Takes so many pages, those that may be taken first, writes zeros into them, and frees them
    /// again.
    [[nodiscard]] int overwrite(std::size_t count) const {
        Transaction transaction;
        int code = begin(0, transaction);
        MDB_dbi table = 0;
        if (code == MDB_SUCCESS) {
            code = mdb_dbi_open(transaction.get(), kTable, MDB_CREATE | MDB_INTEGERKEY, &table);
        }
        if (code == MDB_SUCCESS) {
            code = mdb_drop(transaction.get(), table, 0);  // of a call that ended half-way
        }
        for (std::size_t number = 0; code == MDB_SUCCESS && number < count; ++number) {
            code = put_zeros(transaction.get(), table, number);
        }
        if (code != MDB_SUCCESS) {
            return code;
        }
        code = mdb_txn_commit(transaction.release());
        return code == MDB_SUCCESS ? drop(table) : code;
    }

    int begin(unsigned flags, Transaction& transaction) const {
        MDB_txn* raw = nullptr;
        const int code = mdb_txn_begin(environment_, nullptr, flags, &raw);
        transaction.reset(raw);
        return code;
    }

    static int list(MDB_txn* transaction, FreePages& pages) {
        const std::size_t last = mdb_txn_id(transaction);  // of a reading one: what it sees
        MDB_cursor* raw = nullptr;
        int code = mdb_cursor_open(transaction, kFreeList, &raw);
        const std::unique_ptr<MDB_cursor, CloseCursor> cursor(raw);
        MDB_val key{};
        MDB_val value{};
        while (code == MDB_SUCCESS) {
            code = mdb_cursor_get(cursor.get(), &key, &value, MDB_NEXT);
            if (code != MDB_SUCCESS || key.mv_size != sizeof(std::size_t) ||
                value.mv_size < sizeof(std::size_t)) {
                break;
            }
            std::size_t freed_by = 0;
            std::size_t count = 0;
            std::memcpy(&freed_by, key.mv_data, sizeof(freed_by));
            std::memcpy(&count, value.mv_data, sizeof(count));
            pages.oldest = pages.oldest == 0 ? freed_by : std::min(pages.oldest, freed_by);
            pages.takeable += freed_by < last ? count : 0;
        }
        return code == MDB_NOTFOUND ? MDB_SUCCESS : code;
    }

    int put_zeros(MDB_txn* transaction, MDB_dbi table, std::size_t number) const {
        MDB_val key{sizeof(number), &number};
        MDB_val value{page_bytes_, nullptr};
        const int code = mdb_put(transaction, table, &key, &value, MDB_RESERVE | MDB_APPEND);
        if (code == MDB_SUCCESS) {
            std::memset(value.mv_data, 0, value.mv_size);
        }
        return code;
    }

    [[nodiscard]] int drop(MDB_dbi table) const {
        Transaction transaction;
        int code = begin(0, transaction);
        if (code == MDB_SUCCESS) {
            code = mdb_drop(transaction.get(), table, 1);
        }
        return code == MDB_SUCCESS ? mdb_txn_commit(transaction.release()) : code;
    }

    MDB_env* environment_;
    std::size_t page_bytes_ = 0;
};

}  // namespace

Result<Overwritten> overwrite_free_pages(MDB_env* environment, const std::string& path,
                                         std::chrono::milliseconds patience) {
    const auto until = std::chrono::steady_clock::now() + patience;
    MDB_envinfo info{};
    mdb_env_info(environment, &info);
    const std::size_t now = info.me_last_txnid;
    const Overwriting overwriting(environment);
    constexpr int kPasses = 3;  // two commits each: then all that was free may be taken
    for (int pass = 0;; ++pass) {
        if (pass >= kPasses) {
            std::this_thread::sleep_for(kPause);
        }
        FreePages pages;
        const int code = overwriting.pass(pages);
        if (code == MDB_MAP_FULL) {
            return Overwritten::SomeForWantOfRoom;
        }
        if (code != MDB_SUCCESS) {
            return failure(path, "overwrite what was erased", code);
        }
        if (pages.oldest == 0 || pages.oldest > now) {
            return Overwritten::All;
        }
        if (pass >= kPasses && std::chrono::steady_clock::now() >= until) {
            return fail(Errc::Unavailable,
                        path +
                            ": what was erased is still being read by another program; its "
                            "bytes are overwritten the next time something is erased");
        }
    }
}

}  // namespace sporvakt::store
