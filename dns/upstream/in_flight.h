#pragma once

#include "core/base/clock.h"
#include "core/devices/device_id.h"
#include "dns/message/query.h"
#include "dns/serving/client.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sporvakt::dns {

/// A client that waits for the Internet: all that its answer will need.
struct Waiter {
    std::size_t worker = 0;  ///< Whose socket or connection it is.
    Query query;
    Client client;
    devices::DeviceId device;
    /// What the client asked, where an alias of the household's led to `query`; else null.
    std::shared_ptr<const Query> alias;
    Moment asked{};  ///< When it began to wait.
};

/// What strangers can make us remember: under 4 MB.
constexpr std::size_t kWaitersMax = 4096;
static_assert(kWaitersMax * sizeof(Waiter) <= std::size_t{4} * 1024 * 1024);

enum class Joined : std::uint8_t {
    Leads,    ///< Nobody asked yet: the caller puts the question, and take()s the waiters.
    Follows,  ///< The question is under way: whoever leads will answer.
    Full,     ///< kWaitersMax wait already.
};

/// Questions under way and who waits for each, across all workers, so that a hundred equal
/// questions make one.  Thread-safe.
class InFlight {
public:
    Joined join(std::string_view key, const Waiter& waiter);

    /// Puts the question under way with nobody to wait for it; false: it is already.
    bool lead(std::string_view key);

    /// Everybody who waits for the question, which is then no longer under way.
    std::vector<Waiter> take(std::string_view key);

    [[nodiscard]] std::size_t waiting() const { return waiting_.load(std::memory_order_relaxed); }

private:
    static constexpr std::size_t kShardCount = 16;

    struct Shard {
        std::mutex mutex;
        std::unordered_map<std::string, std::vector<Waiter>> waiters;
    };

    Shard& shard_of(std::string_view key);

    std::array<Shard, kShardCount> shards_;
    std::atomic<std::size_t> waiting_{0};  // a bound, not tied to the shards' invariants
};

}  // namespace sporvakt::dns
