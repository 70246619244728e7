#pragma once

#include "dns/answering.h"
#include "dns/serving/event_loop.h"
#include "dns/serving/sockets.h"
#include "dns/serving/tcp_server.h"
#include "dns/serving/udp_server.h"
#include "dns/tap/tap.h"
#include "dns/tap/tap_output.h"
#include "dns/upstream/forwarding.h"
#include "dns/upstream/in_flight.h"
#include "dns/upstream/upstream.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace sporvakt::dns {

/// One thread's share of the resolver: its sockets, its loop, its way to the Internet.
///
/// run() belongs to one thread; stop(), take() and counters() may be called from any.
class Worker final : public OutcomeTaker {
public:
    /// Hands an outcome to the worker whose client waits for it.
    using HandOver = std::function<void(const Waiter&, const UpstreamOutcome&)>;

    struct Parts {
        std::size_t index = 0;
        const AnswerSettings& settings;
        std::chrono::milliseconds upstream_timeout{};
        const ResolverInputs& inputs;
        AnswerCache& cache;
        Admission& admission;
        InFlight& in_flight;
        std::span<const Endpoint> listening;      ///< As in Answering::Parts.
        std::span<const Endpoint> tls_listening;  ///< The same.
        const TlsContext* tls = nullptr;          ///< Null: no TLS.
        HandOver hand_over;
        TapOutput* tap = nullptr;  ///< Null: nobody wants a log.
    };

    Worker(const Parts& parts, std::unique_ptr<EventLoop> loop, std::unique_ptr<Upstream> upstream,
           WorkerSockets sockets);

    void run() { loop_->run(); }
    void stop() { loop_->stop(); }

    /// From another worker: answers a client of this one.
    void take(const Waiter& waiter, const UpstreamOutcome& outcome);

    [[nodiscard]] const Counters& counters() const { return counters_; }

    [[nodiscard]] bool may_keep(const Query& query, const devices::DeviceId& device,
                                const StoredAnswer& answer) override;
    void deliver(const Waiter& waiter, const UpstreamOutcome& outcome) override;

private:
    void tick();
    void answer_own(const Waiter& waiter, const UpstreamOutcome& outcome);

    // In the order in which they stand on each other.
    std::size_t index_;
    HandOver hand_over_;
    Counters counters_;
    std::vector<std::uint8_t> answer_;  // scratch
    std::unique_ptr<EventLoop> loop_;
    std::unique_ptr<Upstream> upstream_;
    std::optional<Tap> tap_;
    Answering answering_;
    Forwarding forwarding_;
    UdpServer udp_;
    TcpServer tcp_;
    std::unique_ptr<EventLoop::Watch> ticker_;
};

}  // namespace sporvakt::dns
