#include "core/store/failure.h"

#include <cerrno>

#include <fmt/format.h>
#include <lmdb.h>

namespace sporvakt::store {
namespace {

std::string advice(int code) {
    switch (code) {
        case ENOSPC:
        case EDQUOT:
            return "the disk is full; free some space, or shorten how long contacts are kept";
        case EACCES:
        case EPERM:
        case EROFS:
            return fmt::format("{}; check who owns the file, its folder and its '-lock' file",
                               mdb_strerror(code));
        case ENOENT:
            return "it does not exist; it is made when the gateway first runs, or by a command "
                   "that compiles it";
        case MDB_MAP_FULL:
            return "it has reached its largest allowed size; shorten how long contacts are kept";
        case MDB_INVALID:
        case MDB_CORRUPTED:
        case MDB_PAGE_NOTFOUND:
            return "it is damaged or not a database of Sporvakt; move it away and start again, or "
                   "bring back a copy";
        case MDB_VERSION_MISMATCH:
            return "it was written by another version of LMDB; export it there and import it here";
        case MDB_READERS_FULL:
            return "too many readers at once; restart the gateway";
        case MDB_BAD_VALSIZE:
            return "a key must have 1 to 511 bytes";
        case MDB_KEYEXIST:
            return "keys were not appended in growing order";
        default:
            return mdb_strerror(code);
    }
}

Errc kind(int code) {
    if (code == ENOENT || code == MDB_NOTFOUND) {
        return Errc::NotFound;
    }
    const bool wrong_use = code == MDB_BAD_VALSIZE || code == MDB_KEYEXIST;
    return wrong_use ? Errc::InvalidInput : Errc::Storage;
}

}  // namespace

tl::unexpected<Error> failure(const std::string& path, const std::string& what, int code) {
    return fail(kind(code), fmt::format("{}: cannot {}: {}", path, what, advice(code)));
}

}  // namespace sporvakt::store
