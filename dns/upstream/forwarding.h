#pragma once

#include "core/base/clock.h"
#include "dns/answers/answer_cache.h"
#include "dns/counters.h"
#include "dns/message/wire.h"
#include "dns/upstream/in_flight.h"
#include "dns/upstream/upstream.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace sporvakt::dns {

enum class Freshness : std::uint8_t {
    Fresh,
    Stale,  ///< From the cache, past its lifetime, for want of a better.
};

/// What became of a question put to the Internet.  A value; safe to pass between threads.
struct UpstreamOutcome {
    std::shared_ptr<const StoredAnswer> answer;  ///< Null: there is none, and `failure` says why.
    ExtendedError failure = ExtendedError::NetworkError;
    Freshness freshness = Freshness::Fresh;
};

/// Whom Forwarding hands outcomes to.
class OutcomeTaker {
public:
    OutcomeTaker() = default;
    OutcomeTaker(const OutcomeTaker&) = delete;
    OutcomeTaker& operator=(const OutcomeTaker&) = delete;
    OutcomeTaker(OutcomeTaker&&) = delete;
    OutcomeTaker& operator=(OutcomeTaker&&) = delete;
    virtual ~OutcomeTaker() = default;

    /// Whether the answer to the query of that device may be kept for others: not when it would be
    /// refused now.
    [[nodiscard]] virtual bool may_keep(const Query& query, const devices::DeviceId& device,
                                        const StoredAnswer& answer) = 0;

    /// Once for every waiter, whichever worker's it is.
    virtual void deliver(const Waiter& waiter, const UpstreamOutcome& outcome) = 0;
};

/// Puts questions to the Internet: one for all who ask the same at once, each with a deadline.
/// One a worker, of that worker's thread; cache and in-flight table are shared.
class Forwarding final : public UpstreamListener {
public:
    struct Parts {
        AnswerCache& cache;
        InFlight& in_flight;
        Upstream& upstream;
        const Clock& clock;
        Counters& counters;
        OutcomeTaker& taker;
    };

    /// A client that could be given a stale answer waits no longer (RFC 8767 §5).
    static constexpr std::chrono::milliseconds kStaleAfter{1800};

    /// Each under way takes a buffer and perhaps a socket in libunbound, also after its clients
    /// have been told that nobody answers: libunbound goes on for a minute or two.
    ///
    /// No device leads more of them than there are places left, so that one that asks without end
    /// for a zone that is silent cannot keep the others from the Internet: it gets half of the
    /// places, a second such device a quarter, and so on.
    static constexpr std::size_t kExchangeCountMax = 512;

    Forwarding(const Parts& parts, std::chrono::milliseconds timeout)
        : parts_(parts), timeout_(timeout) {}

    /// deliver() is called for the waiter in the end, perhaps before this returns.
    void ask(const Waiter& waiter);

    /// Fetches anew for the cache what `asker` was just given from it.  (When libunbound recurses,
    /// its own cache answers until its copy has ended too.)
    void refresh(const Waiter& asker);

    /// Gives up what has waited for longer than the timeout.  To be called several times a second.
    void expire();

    void on_reply(std::uint64_t exchange, const UpstreamReply& reply) override;

private:
    struct Exchange {
        Query query;               ///< The leader's.
        devices::DeviceId device;  ///< The same.
        std::string key;
        Moment asked;
        bool is_given_up = false;  ///< Its waiters have been told; the answer is for the cache.
    };

    [[nodiscard]] bool has_place_for(const devices::DeviceId& device) const;
    void lead(const Waiter& waiter, std::string_view key);
    void put(const Waiter& leader, std::string_view key);
    void give_up(Exchange& exchange, const UpstreamOutcome& outcome, Moment now);
    [[nodiscard]] UpstreamOutcome stale_or(std::string_view key, ExtendedError failure) const;
    [[nodiscard]] UpstreamOutcome outcome_of(const Exchange& exchange, const UpstreamReply& reply,
                                             Moment received) const;
    /// For those whom no exchange with the Internet has kept waiting.
    void complete(std::string_view key, const UpstreamOutcome& outcome);
    /// For those who waited until now; counts for how long.
    void complete_waits(std::string_view key, const UpstreamOutcome& outcome, Moment now);

    Parts parts_;
    std::chrono::milliseconds timeout_;
    std::uint64_t last_exchange_ = 0;
    std::unordered_map<std::uint64_t, Exchange> exchanges_;
    std::unordered_map<devices::DeviceId, std::size_t> led_by_;  ///< Of exchanges_, each's.
    std::unordered_set<std::string> overdue_;  ///< Keys of exchanges that were given up.
};

}  // namespace sporvakt::dns
