#pragma once

#include "core/ledger/batch.h"
#include "core/ledger/tally.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace sporvakt::ledger {

/// Numbers a sender's batches and keeps each until the keeper says that it is committed, so that
/// nothing is lost when the keeper dies in between.  Not thread-safe.
///
///     outbox.seal(tally.take());                        // once a second, unless is_full()
///     while (auto* message = outbox.next()) { send(*message); outbox.mark_sent(); }
///     outbox.forget_up_to(committed);                   // the keeper's word
///     outbox.send_again_after(committed);               // the keeper began anew, or misses one
class Outbox {
public:
    static constexpr std::size_t kBytesMax = std::size_t{8} * 1024 * 1024;

    /// `sender` is random and not 0.
    explicit Outbox(std::uint64_t sender, std::size_t bytes_max = kBytesMax);

    /// Makes one or more batches of it; none of nothing.
    void seal(Tally::Content content);

    /// Too much waits for a keeper that does not commit: leave sightings in the Tally, which adds
    /// up, and drops and counts when it is full too.
    [[nodiscard]] bool is_full() const { return bytes_ >= bytes_max_; }

    /// The oldest batch that was not sent yet, as encode(Batch) makes it; null when all were.
    /// Valid until the next call of anything.
    [[nodiscard]] const std::vector<std::uint8_t>* next();
    void mark_sent();

    void forget_up_to(std::uint64_t committed);
    /// Forgets too: what is committed is not sent again.
    void send_again_after(std::uint64_t committed);

    [[nodiscard]] std::uint64_t sender() const { return sender_; }
    [[nodiscard]] std::uint64_t last_number() const { return first_ + kept_.size() - 1; }
    [[nodiscard]] std::size_t kept() const { return kept_.size(); }

private:
    [[nodiscard]] Batch next_batch(std::uint64_t dropped) const;
    void keep(const Batch& batch);

    std::uint64_t sender_;
    std::size_t bytes_max_;
    std::deque<std::vector<std::uint8_t>> kept_;  ///< Numbered first_, first_ + 1, ...
    std::uint64_t first_ = 1;  ///< Number of kept_.front(), or of the next batch.
    std::size_t sent_ = 0;     ///< How many of kept_ were sent.
    std::size_t bytes_ = 0;
};

}  // namespace sporvakt::ledger
