#include "dns/upstream/forwarding.h"

#include "core/base/ascii.h"
#include "core/base/assert.h"
#include "dns/message/inspection.h"

#include <algorithm>
#include <utility>

namespace sporvakt::dns {
namespace {

// The key is the question's name and type, in lower case, and one byte more.
bool is_about(const StoredMessage& message, std::string_view key) {
    const std::size_t compared = key.size() - 1;
    if (message.bytes.size() < kHeaderLength + compared) {
        return false;
    }
    const Bytes type = as_bytes(key).subspan(compared - 2, 2);
    const auto name_begin = message.bytes.begin() + kHeaderLength;
    const auto name_end = name_begin + static_cast<std::ptrdiff_t>(compared - 2);
    const Bytes name = as_bytes(key).first(compared - 2);
    return std::equal(name_begin, name_end, name.begin(),
                      [](std::uint8_t left, std::uint8_t right) { return lower(left) == right; }) &&
           std::equal(type.begin(), type.end(), name_end);
}

}  // namespace

void Forwarding::ask(const Waiter& waiter) {
    const QuestionKey key = waiter.query.key();
    switch (parts_.in_flight.join(key.text(), waiter)) {
        case Joined::Leads:
            lead(waiter, key.text());
            break;
        case Joined::Follows:
            parts_.counters.add(Count::Joined);
            break;
        case Joined::Full:
            parts_.counters.add(Count::Overloaded);
            parts_.taker.deliver(waiter, stale_or(key.text(), ExtendedError::NetworkError));
            break;
    }
}

void Forwarding::lead(const Waiter& waiter, std::string_view key) {
    // Whoever led before kept the answer first and left the table then: so either that answer is
    // here now, or nobody has asked.
    if (auto cached = parts_.cache.find(key, parts_.clock.moment()); cached.answer) {
        complete(key, UpstreamOutcome{std::move(cached.answer)});
        return;
    }
    // Nobody waits again for what others have just waited for in vain.
    if (overdue_.contains(std::string(key))) {
        const auto outcome = stale_or(key, ExtendedError::NoReachableAuthority);
        if (outcome.answer) {
            complete(key, outcome);
            return;
        }
    }
    put(waiter, key);
}

void Forwarding::refresh(const Waiter& asker) {
    const QuestionKey key = asker.query.key();
    if (parts_.in_flight.lead(key.text())) {
        parts_.counters.add(Count::Prefetched);
        put(asker, key.text());
    }
}

bool Forwarding::has_place_for(const devices::DeviceId& device) const {
    const auto led = led_by_.find(device);
    return (led == led_by_.end() ? 0 : led->second) < kExchangeCountMax - exchanges_.size();
}

void Forwarding::put(const Waiter& leader, std::string_view key) {
    if (!has_place_for(leader.device)) {
        parts_.counters.add(Count::Overloaded);
        complete(key, stale_or(key, ExtendedError::NetworkError));
        return;
    }
    const std::uint64_t exchange = ++last_exchange_;
    exchanges_.emplace(
        exchange, Exchange{leader.query, leader.device, std::string(key), parts_.clock.moment()});
    ++led_by_[leader.device];
    parts_.counters.add(Count::Asked);  // once its deadline runs
    parts_.upstream.ask({leader.query.escaped_name(), leader.query.type()}, exchange, *this);
}

UpstreamOutcome Forwarding::stale_or(std::string_view key, ExtendedError failure) const {
    auto stale = parts_.cache.find_stale(key, parts_.clock.moment());
    const auto freshness = stale ? Freshness::Stale : Freshness::Fresh;
    return UpstreamOutcome{std::move(stale), failure, freshness};
}

void Forwarding::on_reply(std::uint64_t exchange, const UpstreamReply& reply) {
    const auto found = exchanges_.find(exchange);
    SPORVAKT_ASSERT(found != exchanges_.end());
    const auto node = exchanges_.extract(found);
    const Exchange& done = node.mapped();
    const auto led = led_by_.find(done.device);
    if (--led->second == 0) {
        led_by_.erase(led);
    }

    const Moment now = parts_.clock.moment();
    const UpstreamOutcome outcome = outcome_of(done, reply, now);
    if (done.is_given_up) {
        overdue_.erase(done.key);
    }
    if (outcome.answer && parts_.taker.may_keep(done.query, done.device, *outcome.answer)) {
        parts_.cache.insert(done.key, outcome.answer);
    }
    // A failure that comes too late must not fail those who have asked again since.
    if (outcome.answer) {
        complete_waits(done.key, outcome, now);
    } else if (!done.is_given_up) {
        // What does not hold is no silence: nothing stale hides it.
        complete_waits(
            done.key,
            reply.security == Security::Bogus ? outcome : stale_or(done.key, outcome.failure), now);
    }
}

UpstreamOutcome Forwarding::outcome_of(const Exchange& exchange, const UpstreamReply& reply,
                                       Moment received) const {
    if (reply.security == Security::Bogus && !exchange.query.checking_disabled()) {
        return UpstreamOutcome{nullptr, reply.fault};
    }
    if (reply.message.empty()) {
        return UpstreamOutcome{};
    }
    auto answer = inspect_reply(reply.message, exchange.query.type());
    // The answer is given under the question of each client, so it must be about that.
    if (!answer || !is_about(answer->plain, exchange.key)) {
        return UpstreamOutcome{};
    }
    answer->received = received;
    answer->is_authentic = reply.security == Security::Secure;
    return UpstreamOutcome{std::make_shared<const StoredAnswer>(std::move(*answer))};
}

void Forwarding::complete(std::string_view key, const UpstreamOutcome& outcome) {
    for (const Waiter& waiter : parts_.in_flight.take(key)) {
        parts_.taker.deliver(waiter, outcome);
    }
}

// All waits are counted here, whichever worker's clients they are: who reads adds all up.
void Forwarding::complete_waits(std::string_view key, const UpstreamOutcome& outcome, Moment now) {
    for (const Waiter& waiter : parts_.in_flight.take(key)) {
        parts_.counters.add_wait(now - waiter.asked);
        parts_.taker.deliver(waiter, outcome);
    }
}

void Forwarding::give_up(Exchange& exchange, const UpstreamOutcome& outcome, Moment now) {
    exchange.is_given_up = true;
    overdue_.insert(exchange.key);
    complete_waits(exchange.key, outcome, now);
}

void Forwarding::expire() {
    const Moment now = parts_.clock.moment();
    for (auto& [number, exchange] : exchanges_) {
        const auto waited = now - exchange.asked;
        if (exchange.is_given_up || waited < std::min(kStaleAfter, timeout_)) {
            continue;
        }
        const auto outcome = stale_or(exchange.key, ExtendedError::NoReachableAuthority);
        if (outcome.answer || waited >= timeout_) {
            give_up(exchange, outcome, now);
        }
    }
}

}  // namespace sporvakt::dns
