#include "dns/answers/answer_cache.h"

#include <utility>

namespace sporvakt::dns {
namespace {

// List node, map node, bucket and two allocation headers: measured as near enough.
constexpr std::size_t kBookkeepingBytes = 160;

}  // namespace

AnswerCache::AnswerCache(std::size_t bytes_max) : shard_bytes_max_(bytes_max / kShardCount) {}

AnswerCache::Shard& AnswerCache::shard_of(std::string_view key) {
    // The high bits: the maps inside use the low ones.
    const std::size_t hash = std::hash<std::string_view>{}(key);
    return shards_[(hash >> (sizeof(hash) * 8 - 4)) % kShardCount];
}

void AnswerCache::remove(Shard& shard, Entries::iterator entry) {
    shard.bytes -= entry->bytes;
    shard.by_key.erase(entry->key);
    shard.entries.erase(entry);
}

CachedAnswer AnswerCache::find(std::string_view key, Moment now) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.by_key.find(key);
    if (found == shard.by_key.end()) {
        return {};
    }
    const auto entry = found->second;
    const auto lifetime = entry->answer->lifetime;
    const Moment end = entry->answer->received + lifetime;
    if (now >= end) {
        return {};
    }
    shard.entries.splice(shard.entries.begin(), shard.entries, entry);
    const bool was_found = std::exchange(entry->was_found, true);
    const bool is_due = was_found && !entry->is_due && end - now <= lifetime / 10;
    entry->is_due = entry->is_due || is_due;
    return {entry->answer, is_due};
}

std::shared_ptr<const StoredAnswer> AnswerCache::find_stale(std::string_view key, Moment now) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.by_key.find(key);
    if (found == shard.by_key.end()) {
        return nullptr;
    }
    const auto entry = found->second;
    if (now >= entry->answer->received + entry->answer->lifetime + kStaleMax) {
        remove(shard, entry);
        return nullptr;
    }
    return entry->answer;
}

void AnswerCache::insert(std::string_view key, std::shared_ptr<const StoredAnswer> answer) {
    const std::size_t bytes = answer->memory_bytes() + key.size() + kBookkeepingBytes;
    if (answer->lifetime <= std::chrono::seconds(0) || bytes > shard_bytes_max_ / 4) {
        return;
    }
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    shard.entries.push_front(Entry{std::string(key), std::move(answer), bytes});
    const Entry& entry = shard.entries.front();
    if (const auto [old, is_new] = shard.by_key.try_emplace(entry.key, shard.entries.begin());
        !is_new) {
        remove(shard, old->second);
        shard.by_key.emplace(entry.key, shard.entries.begin());
    }
    shard.bytes += bytes;
    while (shard.bytes > shard_bytes_max_) {
        remove(shard, std::prev(shard.entries.end()));
    }
}

std::size_t AnswerCache::bytes() const {
    std::size_t sum = 0;
    for (const Shard& shard : shards_) {
        const std::lock_guard lock(shard.mutex);
        sum += shard.bytes;
    }
    return sum;
}

}  // namespace sporvakt::dns
