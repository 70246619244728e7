#pragma once

#include "core/ledger/outbox.h"
#include "core/ledger/sighting_sink.h"
#include "core/ledger/tally.h"
#include "firmware/channel.h"
#include "firmware/messages.h"
#include "firmware/shared_block.h"

#include <chrono>
#include <cstdint>
#include <stop_token>

namespace sporvakt::firmware {

/// A SightingSink whose keeper is another process: adds up, numbers, sends, and sends again.
///
/// record() and note() may be called from any thread and never wait.  All else belongs to one
/// thread, which run() makes of its caller.
class Sender final : public ledger::SightingSink {
public:
    /// How long a sighting waits for others to be added to it.
    static constexpr std::chrono::milliseconds kInterval{500};

    /// How long a role that stops waits for the keeper to make safe what it sent, or to ask again.
    static constexpr std::chrono::milliseconds kFarewell{250};

    /// `id`: random and not 0.  `state` is that of this role, and outlives the sender.
    Sender(Channel channel, RoleState& state, std::uint64_t id);

    void record(const ledger::SightingView& sighting) override { tally_.record(sighting); }
    void note(devices::DeviceClue clue) override { tally_.note(std::move(clue)); }

    /// Sends until `stop`, and then what there still is.
    void run(const std::stop_token& stop);

    /// Makes batches of what was added up, as far as there is room to keep them.
    void seal();

    /// Reads what the keeper says and sends what is due, as far as goes without waiting.
    void exchange();

    /// Nothing is left to be sealed or sent; it may still have to be committed.
    [[nodiscard]] bool has_sent_all() { return outbox_.next() == nullptr; }

private:
    void hear(const Message& message);
    void wait(std::chrono::steady_clock::time_point until) const;
    void take_leave();

    Channel channel_;
    RoleState& state_;
    ledger::Tally tally_;
    ledger::Outbox outbox_;
    bool has_greeted_ = false;
};

}  // namespace sporvakt::firmware
