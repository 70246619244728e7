#pragma once

#include "dns/counters.h"
#include "dns/tap/frame_ring.h"
#include "dns/tap/frame_stream.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace sporvakt::dns {

/// Carries what the workers saw to whoever reads dnstap at a Unix socket, in a thread of its own,
/// so that no reader can hold up an answer: each worker puts frames into a ring of its own, and
/// what has no room is dropped and counted.
///
/// While nobody reads, is_read() says so, nothing is kept for later, and it tries to connect once a
/// second.  Workers may use it from construction until stop().
class TapOutput {
public:
    /// What a worker may be ahead of the reader: some 5,000 messages.
    static constexpr std::size_t kRingBytes = std::size_t{1024} * 1024;

    /// How soon a frame is on its way: nobody is woken for one, for that would cost the worker a
    /// system call.
    static constexpr std::chrono::milliseconds kInterval{50};

    static constexpr std::chrono::milliseconds kRetryInterval{1000};

    TapOutput(std::string path, std::size_t workers);
    TapOutput(const TapOutput&) = delete;
    TapOutput& operator=(const TapOutput&) = delete;
    TapOutput(TapOutput&&) = delete;
    TapOutput& operator=(TapOutput&&) = delete;
    ~TapOutput();  ///< Stops.

    /// Whether frames go anywhere.  From any thread; a load.
    [[nodiscard]] bool is_read() const { return is_read_.load(std::memory_order_relaxed); }

    /// Where a worker, and nobody else, puts its frames.
    [[nodiscard]] FrameRing& ring(std::size_t worker) { return *rings_.at(worker); }

    /// What its thread counts: Count::TapLost.
    [[nodiscard]] const Counters& counters() const { return counters_; }

    /// Sends what there is, as far as the reader takes it within FrameStream::kFarewell, and ends
    /// the thread; within five times that, whatever the reader does.  No worker may put anything in
    /// any more.  May be repeated.
    void stop();

private:
    enum class Carried : std::uint8_t { Nothing, Something, Lost };

    void run(const std::stop_token& stop);
    void serve(FrameStream& reader, const std::stop_token& stop);
    [[nodiscard]] Carried carry(FrameStream& reader, FrameRing& ring);
    [[nodiscard]] Carried carry_all(FrameStream& reader);

    std::string path_;
    std::vector<std::unique_ptr<FrameRing>> rings_;
    Counters counters_;
    std::atomic<bool> is_read_{false};
    std::jthread thread_;  // last: goes first
};

}  // namespace sporvakt::dns
