#include "dns/upstream/in_flight.h"

#include <functional>
#include <utility>

namespace sporvakt::dns {

InFlight::Shard& InFlight::shard_of(std::string_view key) {
    return shards_.at(std::hash<std::string_view>{}(key) % kShardCount);
}

Joined InFlight::join(std::string_view key, const Waiter& waiter) {
    if (waiting_.fetch_add(1, std::memory_order_relaxed) >= kWaitersMax) {
        waiting_.fetch_sub(1, std::memory_order_relaxed);
        return Joined::Full;
    }
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    auto& waiters = shard.waiters[std::string(key)];
    waiters.push_back(waiter);
    return waiters.size() == 1 ? Joined::Leads : Joined::Follows;
}

std::vector<Waiter> InFlight::take(std::string_view key) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.waiters.find(std::string(key));
    if (found == shard.waiters.end()) {
        return {};
    }
    std::vector<Waiter> waiters = std::move(found->second);
    shard.waiters.erase(found);
    waiting_.fetch_sub(waiters.size(), std::memory_order_relaxed);
    return waiters;
}

}  // namespace sporvakt::dns
