#pragma once

#include "core/ledger/order.h"
#include "firmware/channel.h"
#include "firmware/messages.h"
#include "firmware/shared_block.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

namespace sporvakt::firmware {

/// The web role's line to the keeper: orders go out and their answers come back, and the rows
/// that the keeper tells of come in.  Thread-safe.
class KeeperLine final : public ledger::OrderDesk {
public:
    struct Settings {
        std::uint64_t first_id = 1;  ///< Above those of the web role before this one.
        std::chrono::milliseconds patience{2000};
        /// For an erasure: the keeper writes all that stays anew.
        std::chrono::milliseconds erasing_patience{60'000};
    };

    /// `shared` outlives the line.
    KeeperLine(Channel channel, const SharedState& shared, Settings settings);

    /// An error when the keeper refuses, when it does not answer in time, and when the resolver and
    /// the sniffer have not taken the change up in time.
    Result<void> submit(const ledger::Order& order) override;

    /// Who hears what the keeper says besides answers.
    struct Hearers {
        std::function<void(Bytes)> rows;  ///< Gets messages for ledger::LiveRows.
        std::function<void(const ledger::Erasure&)> erasure;  ///< Before the order is answered.
    };

    /// Asks for all rows that are not committed, then reads what the keeper says until `stop`; to
    /// be called in one thread.
    void listen(const std::stop_token& stop, const Hearers& hearers);

private:
    using Deadline = std::chrono::steady_clock::time_point;

    Result<OrderAnswer> ask(const ledger::Order& order, Deadline deadline);
    Result<void> wait_until_in_force(std::uint64_t generation, Deadline deadline);
    void hear(Message message, const Hearers& hearers);
    void answered(OrderAnswer answer);

    Channel channel_;
    const SharedState& shared_;
    Settings settings_;
    std::mutex mutex_;
    std::condition_variable answer_came_;
    std::uint64_t next_id_;
    std::map<std::uint64_t, std::optional<OrderAnswer>> waiting_;  ///< Guarded by mutex_.
};

}  // namespace sporvakt::firmware
