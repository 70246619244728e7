#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace sporvakt::store {

/// Counts the transactions of this process, and lets one caller be alone for a moment: LMDB may
/// move its memory map only while no transaction of the process is open (lmdb.h,
/// mdb_env_set_mapsize).  Thread-safe.
class MapGuard {
public:
    /// A transaction begins.  Waits while somebody is, or waits to be, alone.
    void enter();
    void leave();

    /// Waits at most `limit` until nobody is inside and keeps others out; false if they stayed.
    [[nodiscard]] bool enter_alone(std::chrono::milliseconds limit);
    void leave_alone();

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t inside_ = 0;
    bool closed_ = false;
};

}  // namespace sporvakt::store
