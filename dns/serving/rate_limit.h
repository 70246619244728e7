#pragma once

#include "core/base/clock.h"
#include "core/base/ip_address.h"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace sporvakt::dns {

/// A token bucket without a lock: fills with time, and a question takes a token.  Kept as the
/// moment at which it is full again (the generic cell rate algorithm).  Thread-safe.
class TokenBucket {
public:
    struct Size {
        std::chrono::nanoseconds interval;  ///< In which a token comes.
        std::chrono::nanoseconds burst;     ///< What fits: so much time's tokens.
    };

    /// False when it is empty: then nothing is taken.
    bool take(const Size& size, Moment now);

    /// When it is full again: the later, the more has been taken.  In nanoseconds, as Moment has
    /// it.
    [[nodiscard]] std::int64_t full_at() const { return full_at_.load(std::memory_order_relaxed); }

    void fill() { full_at_.store(kLongAgo, std::memory_order_relaxed); }

private:
    static constexpr std::int64_t kLongAgo = INT64_MIN / 2;

    std::atomic<std::int64_t> full_at_{kLongAgo};
};

/// A token bucket for each client: an IPv4 address, or an IPv6 /64, which one device may have all
/// of (RFC 4941).  Shared by all workers; thread-safe; nothing in it locks or allocates.
///
/// Its memory is constant.  Where room is needed, it forgets whoever owes least of four, and who is
/// forgotten begins anew with a full bucket.  So strangers who invent addresses cannot make it
/// grow, cannot cost a client that is within its limit anything, and cannot help one that is over
/// it.  When two workers make room in the same place at once, one question may be charged to the
/// other client.
class RateLimit {
public:
    static constexpr std::size_t kClientsMax = 4096;

    /// What a client may save up: a device that wakes, or a page of many parts.
    static constexpr std::chrono::seconds kBurst{4};

    /// `per_second`: from 1 to 1,000,000.
    explicit RateLimit(unsigned per_second);

    /// Takes a token of this client's; false: it is over its limit.
    bool take(const IpAddress& client, Moment now);

private:
    struct Client {
        std::atomic<std::uint64_t> key{0};
        TokenBucket bucket;
    };
    static constexpr std::size_t kWays = 4;
    static constexpr std::size_t kSets = kClientsMax / kWays;
    struct alignas(64) Set {  // a cache line
        std::array<Client, kWays> clients;
    };
    static_assert(sizeof(Set) == 64);

    [[nodiscard]] Client& client_of(std::uint64_t key);

    TokenBucket::Size size_;
    std::uint64_t secret_;  ///< So that nobody outside knows who shares a set.
    std::unique_ptr<std::array<Set, kSets>> sets_;
};

}  // namespace sporvakt::dns
