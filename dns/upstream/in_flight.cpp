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
    const auto [under_way, is_new] = shard.waiters.try_emplace(std::string(key));
    under_way->second.push_back(waiter);
    return is_new ? Joined::Leads : Joined::Follows;
}

bool InFlight::lead(std::string_view key) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    return shard.waiters.try_emplace(std::string(key)).second;
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
