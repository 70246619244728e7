#include "firmware/keeper_line.h"

#include "core/ledger/order_message.h"

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

#include <poll.h>

namespace sporvakt::firmware {
namespace {

constexpr int kListenSliceMilliseconds = 100;
constexpr std::chrono::milliseconds kInForceStep{10};

// These judge by the household's rules; the page reads its names.
constexpr std::array kFollowers{Role::Resolver, Role::Sniffer, Role::Gate, Role::Web};

bool is_erasing(const ledger::Order& order) {
    return std::holds_alternative<ledger::EraseHistory>(order) ||
           std::holds_alternative<ledger::ForgetDevice>(order);
}

}  // namespace

KeeperLine::KeeperLine(Channel channel, const SharedState& shared, Settings settings)
    : channel_(std::move(channel)),
      shared_(shared),
      settings_(settings),
      next_id_(settings.first_id) {}

Result<void> KeeperLine::submit(const ledger::Order& order) {
    const auto patience = is_erasing(order) ? settings_.erasing_patience : settings_.patience;
    const Deadline deadline = std::chrono::steady_clock::now() + patience;
    const OrderAnswer answer = SPORVAKT_TRY(ask(order, deadline));
    if (!answer.failure.empty()) {
        return fail(Errc::InvalidInput, answer.failure);
    }
    return wait_until_in_force(answer.generation, deadline);
}

Result<OrderAnswer> KeeperLine::ask(const ledger::Order& order, Deadline deadline) {
    std::unique_lock lock(mutex_);
    const std::uint64_t id = next_id_++;
    if (channel_.send(encode(OrderRequest{id, ledger::encode(order)})) != Channel::Sent::Yes) {
        return fail(Errc::Unavailable,
                    "The change could not be handed over for storing; try again in a moment");
    }
    waiting_[id];
    answer_came_.wait_until(lock, deadline, [&] { return waiting_[id].has_value(); });
    const std::optional<OrderAnswer> answer = waiting_.extract(id).mapped();
    if (!answer) {
        return fail(Errc::Unavailable,
                    "The change was not confirmed in time and may still be made; look again "
                    "before you repeat it");
    }
    return *answer;
}

Result<void> KeeperLine::wait_until_in_force(std::uint64_t generation, Deadline deadline) {
    const auto follows = [&](Role role) {
        const RoleState& state = shared_.of(role);
        return !state.is_wanted || state.household_seen >= generation;
    };
    while (!std::all_of(kFollowers.begin(), kFollowers.end(), follows)) {
        if (std::chrono::steady_clock::now() >= deadline) {
            return fail(Errc::Unavailable,
                        "The change is stored, but not all parts of the appliance have taken it "
                        "up yet; it will be in force in a moment");
        }
        std::this_thread::sleep_for(kInForceStep);
    }
    return {};
}

void KeeperLine::listen(const std::stop_token& stop, const Hearers& hearers) {
    (void)channel_.send(encode(WebBegan{}));  // a keeper that begins later tells by itself
    while (!stop.stop_requested()) {
        std::array<pollfd, 1> watched{{{channel_.descriptor(), POLLIN, 0}}};
        if (::poll(watched.data(), watched.size(), kListenSliceMilliseconds) <= 0) {
            continue;
        }
        const auto bytes = channel_.receive();
        if (!bytes && (watched[0].revents & POLLHUP) != 0) {
            return;  // nobody holds the other end: the supervisor is gone
        }
        auto message = decode(bytes.value_or(std::vector<std::uint8_t>{}));
        if (message) {
            hear(std::move(*message), hearers);
        }
    }
}

void KeeperLine::hear(Message message, const Hearers& hearers) {
    if (const auto* const fresh = std::get_if<FreshRows>(&message)) {
        hearers.rows(fresh->rows);
    } else if (const auto* const erased = std::get_if<HistoryErased>(&message)) {
        const auto order = ledger::parse_order(erased->order);
        const auto* const erasing = order ? std::get_if<ledger::EraseHistory>(&*order) : nullptr;
        if (erasing != nullptr) {
            hearers.erasure(erasing->erasure);
        }
    } else if (auto* const answer = std::get_if<OrderAnswer>(&message)) {
        answered(std::move(*answer));
    }
}

void KeeperLine::answered(OrderAnswer answer) {
    const std::lock_guard lock(mutex_);
    const auto place = waiting_.find(answer.id);
    if (place != waiting_.end()) {  // else it came too late
        place->second = std::move(answer);
        answer_came_.notify_all();
    }
}

}  // namespace sporvakt::firmware
