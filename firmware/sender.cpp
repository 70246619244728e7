#include "firmware/sender.h"

#include <algorithm>
#include <array>
#include <utility>

#include <poll.h>

namespace sporvakt::firmware {
namespace {

using std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;

// How soon a request to stop is noticed.
constexpr milliseconds kWaitMax{50};

}  // namespace

Sender::Sender(Channel channel, RoleState& state, std::uint64_t id)
    : channel_(std::move(channel)), state_(state), outbox_(id) {}

void Sender::run(const std::stop_token& stop) {
    SteadyTime seal_at = std::chrono::steady_clock::now();
    while (!stop.stop_requested()) {
        const SteadyTime now = std::chrono::steady_clock::now();
        if (now >= seal_at) {
            seal();
            seal_at = now + kInterval;
        }
        exchange();
        wait(std::min(seal_at, now + kWaitMax));
    }
    take_leave();
}

void Sender::seal() {
    if (!outbox_.is_full()) {
        outbox_.seal(tally_.take());
    }
    state_.dropped = tally_.dropped();
}

void Sender::exchange() {
    while (const auto bytes = channel_.receive()) {
        if (const auto message = decode(*bytes)) {
            hear(*message);
        }
    }
    if (!has_greeted_) {
        has_greeted_ = channel_.send(encode(Hello{})) == Channel::Sent::Yes;
    }
    for (const auto* batch = outbox_.next(); batch != nullptr; batch = outbox_.next()) {
        if (channel_.send(encode(BatchMessage{*batch})) != Channel::Sent::Yes) {
            return;
        }
        outbox_.mark_sent();
    }
}

// Words that were meant for the sender before this one carry its number, and are passed over.
void Sender::hear(const Message& message) {
    if (const auto* const committed = std::get_if<Committed>(&message)) {
        if (committed->sender == outbox_.sender()) {
            outbox_.forget_up_to(committed->number);
        }
    } else if (const auto* const again = std::get_if<SendAgain>(&message)) {
        if (again->sender == outbox_.sender()) {
            outbox_.send_again_after(again->after);
        }
    } else if (std::holds_alternative<KeeperBegan>(message)) {
        outbox_.send_again_after(0);
    }
}

void Sender::wait(SteadyTime until) const {
    const auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
    std::array<pollfd, 1> watched{{{channel_.descriptor(), POLLIN, 0}}};
    (void)::poll(watched.data(), watched.size(),
                 static_cast<int>(std::max<milliseconds::rep>(left.count(), 0)));
}

void Sender::take_leave() {
    const SteadyTime deadline = std::chrono::steady_clock::now() + kFarewell;
    seal();
    exchange();
    // Also for the word of a keeper that has just begun anew: what the one before it had not made
    // safe is ours to send again.
    while (outbox_.kept() > 0 && std::chrono::steady_clock::now() < deadline) {
        const auto awaited =
            static_cast<decltype(pollfd::events)>(has_sent_all() ? POLLIN : POLLIN | POLLOUT);
        std::array<pollfd, 1> watched{{{channel_.descriptor(), awaited, 0}}};
        (void)::poll(watched.data(), watched.size(), static_cast<int>(kWaitMax.count()));
        exchange();
    }
}

}  // namespace sporvakt::firmware
