#pragma once

#include "core/base/clock.h"
#include "dns/message/stored_answer.h"

#include <array>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sporvakt::dns {

/// Answers by QuestionKey until their lifetime ends.  Thread-safe.
///
/// Bounded by bytes, not by count: what was used least recently goes first.  Sixteen shards, each
/// with its own lock, which is held for a look-up only.
class AnswerCache {
public:
    explicit AnswerCache(std::size_t bytes_max);

    /// Null when there is none or it has ended.  Does not allocate.
    [[nodiscard]] std::shared_ptr<const StoredAnswer> find(std::string_view key, Moment now);

    /// Keeps the answer for its lifetime; one with none, or over 1/4 of a shard, is not kept.
    void insert(std::string_view key, std::shared_ptr<const StoredAnswer> answer);

    /// What it takes now, bookkeeping included.
    [[nodiscard]] std::size_t bytes() const;

private:
    struct Entry {
        std::string key;
        std::shared_ptr<const StoredAnswer> answer;
        std::size_t bytes = 0;
    };
    using Entries = std::list<Entry>;  // most recently used first

    struct Shard {
        mutable std::mutex mutex;
        Entries entries;
        std::unordered_map<std::string_view, Entries::iterator> by_key;  // views of Entry::key
        std::size_t bytes = 0;
    };

    static constexpr std::size_t kShardCount = 16;

    Shard& shard_of(std::string_view key);
    static void remove(Shard& shard, Entries::iterator entry);

    const std::size_t shard_bytes_max_;
    std::array<Shard, kShardCount> shards_;
};

}  // namespace sporvakt::dns
