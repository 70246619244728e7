#include "core/store/map_guard.h"

namespace sporvakt::store {

void MapGuard::enter() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !closed_; });
    ++inside_;
}

void MapGuard::leave() {
    {
        const std::lock_guard lock(mutex_);
        --inside_;
    }
    changed_.notify_all();
}

bool MapGuard::enter_alone(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    const auto deadline = std::chrono::steady_clock::now() + limit;
    if (!changed_.wait_until(lock, deadline, [this] { return !closed_; })) {
        return false;
    }
    closed_ = true;
    const bool alone = changed_.wait_until(lock, deadline, [this] { return inside_ == 0; });
    if (!alone) {
        closed_ = false;
        lock.unlock();
        changed_.notify_all();
    }
    return alone;
}

void MapGuard::leave_alone() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = false;
    }
    changed_.notify_all();
}

}  // namespace sporvakt::store
