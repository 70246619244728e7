#include "core/base/stop_wait.h"

#include <condition_variable>
#include <mutex>

namespace sporvakt {

void wait_for_stop(const std::stop_token& stop) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any stopped;
    stopped.wait(lock, stop, [] { return false; });
}

void wait_for_stop(const std::stop_token& stop, std::chrono::milliseconds time_max) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any stopped;
    stopped.wait_for(lock, stop, time_max, [] { return false; });
}

}  // namespace sporvakt
