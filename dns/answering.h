#pragma once

#include "core/base/clock.h"
#include "core/base/snapshot.h"
#include "core/devices/device_finder.h"
#include "core/ledger/sighting_sink.h"
#include "core/policy/policy.h"
#include "dns/answers/answer_cache.h"
#include "dns/answers/answer_settings.h"
#include "dns/answers/blocking.h"
#include "dns/answers/local_names.h"
#include "dns/counters.h"
#include "dns/message/query.h"
#include "dns/serving/admission.h"
#include "dns/serving/client.h"
#include "dns/tap/tap.h"
#include "dns/upstream/forwarding.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace sporvakt::dns {

/// What the resolver works with.  All must outlive it and be safe to use from many threads.
struct ResolverInputs {
    const Snapshot<policy::Policy>& policy;  ///< Read once a batch: a change needs no restart.
    const devices::DeviceFinder& devices;
    ledger::SightingSink& sightings;  ///< Gets every blocked query, and nothing else.
    const Clock& clock;
    const Snapshot<LocalNames>* local_names = nullptr;  ///< Null: the house has no names.
};

/// What became of a message.
struct Reply {
    enum class Kind : std::uint8_t {
        Now,    ///< `length` bytes of answer have been written.
        Later,  ///< The answer comes through finish().
        Wait,   ///< Over TCP: the client asks too much; the same message once more, in a while.
        Never,  ///< Nothing that deserves an answer.
    };
    Kind kind = Kind::Never;
    std::size_t length = 0;
};

/// The way of a query, in the order that a reader should know.  One a worker, of its thread.
class Answering {
public:
    struct Parts {
        std::size_t worker = 0;
        const AnswerSettings& settings;
        const ResolverInputs& inputs;
        AnswerCache& cache;
        Admission& admission;
        Counters& counters;
        std::span<const Endpoint> listening;      ///< Of the UDP sockets, in their order.
        std::span<const Endpoint> tls_listening;  ///< Empty: we do not speak TLS.
        Tap* tap = nullptr;                       ///< Null: nobody wants a log.
    };

    explicit Answering(const Parts& parts);

    /// Who reaches the Internet; before the first answer().
    void forward_through(Forwarding& forwarding) { forwarding_ = &forwarding; }

    /// Takes up the newest policy and the time.  Once a batch, before answer() or finish().
    void refresh();

    /// Takes up the newest names of the house.  Now and then: they change seldom.
    void refresh_names();

    /// The first stage: whatever needs no Internet is answered into `out`, which has at least
    /// kOwnAnswerLengthMax bytes; over UDP no more than the client's limit is used.
    Reply answer(Bytes message, const Client& client, std::span<std::uint8_t> out);

    /// The second stage, with what the Internet said.  Returns the answer's length.
    std::size_t finish(const Waiter& waiter, const UpstreamOutcome& outcome,
                       std::span<std::uint8_t> out);

    /// Whether the leader's device would be given the answer now.
    [[nodiscard]] bool may_keep(const Query& query, const devices::DeviceId& device,
                                const StoredAnswer& answer) const;

private:
    /// A question, by whom, and what the policy says to the name.
    struct Judged {
        const Query& query;
        devices::DeviceId device;
        policy::Verdict verdict;
        const Query* alias = nullptr;  ///< As Waiter::alias.

        /// What the client asked, and is answered.
        [[nodiscard]] const Query& asked() const { return alias == nullptr ? query : *alias; }
        [[nodiscard]] policy::Question question() const {
            return {device, query.name(), query.type()};
        }
    };

    /// Whether a client has shown that its address is its own, by a cookie of ours.
    enum class Address : std::uint8_t { Claimed, Proven };
    Address read_options(Query& query, const Client& client);
    std::optional<Reply> turn_away(Admission::Verdict verdict, Address address, const Query& query,
                                   std::span<std::uint8_t> out);
    std::optional<Reply> answer_local(const Query& query, const Client& client,
                                      std::span<std::uint8_t> out);
    std::optional<Reply> answer_special(const Query& query, const Client& client,
                                        std::span<std::uint8_t> out);
    Reply answer_tapped(Bytes message, const Query& query, const Client& client,
                        std::span<std::uint8_t> out);
    Reply answer_question(const Query& query, const Client& client, std::span<std::uint8_t> out);
    Reply answer_judged(const Judged& judged, const Client& client, std::span<std::uint8_t> out);
    [[nodiscard]] Judged judge(const Query& query, const devices::DeviceId& device) const;
    std::size_t block(const Judged& judged, const Blocking& blocking, std::span<std::uint8_t> out);
    std::size_t block_by_name(const Judged& judged, std::span<std::uint8_t> out);
    std::size_t write_outcome(const Waiter& waiter, const UpstreamOutcome& outcome,
                              std::span<std::uint8_t> out);
    [[nodiscard]] bool may_lead_inside(const Judged& judged) const;
    std::size_t fail(const Query& asked, ExtendedError failure, std::span<std::uint8_t> out);
    [[nodiscard]] CanaryNames canary_names_for(const Query& query, const Client& client) const;
    [[nodiscard]] bool passes_hello_keys_on(const Judged& judged) const;
    std::size_t write_truth(const Judged& judged, const StoredAnswer& answer, Count kind,
                            std::span<std::uint8_t> out);
    std::size_t give(const Judged& judged, const StoredAnswer& answer, Count kind,
                     std::span<std::uint8_t> out);
    Reply now(Count kind, std::size_t length);

    Parts parts_;
    Forwarding* forwarding_ = nullptr;
    Moment batch_began_;
    std::shared_ptr<const policy::Policy> policy_;
    std::shared_ptr<const LocalNames> names_;
};

}  // namespace sporvakt::dns
