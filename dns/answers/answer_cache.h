#pragma once

#include "core/base/clock.h"
#include "dns/message/stored_answer.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sporvakt::dns {

/// What the cache has for a question.
struct CachedAnswer {
    std::shared_ptr<const StoredAnswer> answer;  ///< Null: nothing.
    /// In the last tenth of its lifetime, and not found for the first time: worth fetching anew
    /// before it ends.  Said once for each answer.
    bool is_due = false;
};

/// How long after its lifetime an answer may still be given when there is no better (RFC 8767 §5
/// suggests one to three days).
constexpr std::chrono::seconds kStaleMax{86400};

/// Answers by QuestionKey until their lifetime ends, and for kStaleMax more as stale ones.
/// Thread-safe.
///
/// Bounded by bytes, not by count: what was used least recently goes first.  Sixteen shards, each
/// with its own lock, which is held for a look-up only.
class AnswerCache {
public:
    explicit AnswerCache(std::size_t bytes_max);

    /// Nothing when its lifetime has ended.  Does not allocate.
    [[nodiscard]] CachedAnswer find(std::string_view key, Moment now);

    /// The answer even when its lifetime has ended.  Null when there is none, or it ended more than
    /// kStaleMax ago.  Not a use: stale answers make room before others.
    [[nodiscard]] std::shared_ptr<const StoredAnswer> find_stale(std::string_view key, Moment now);

    /// Keeps the answer for its lifetime; one with none, or over 1/4 of a shard, is not kept.
    void insert(std::string_view key, std::shared_ptr<const StoredAnswer> answer);

    /// What it takes now, bookkeeping included.
    [[nodiscard]] std::size_t bytes() const;

private:
    struct Entry {
        std::string key;
        std::shared_ptr<const StoredAnswer> answer;
        std::size_t bytes = 0;
        bool was_found = false;
        bool is_due = false;  ///< And somebody has been told so.
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
