#include "dns/worker.h"

#include <utility>

namespace sporvakt::dns {
namespace {

constexpr std::chrono::milliseconds kTick{250};

std::optional<Tap> tap_of(const Worker::Parts& parts, Counters& counters) {
    if (parts.tap == nullptr) {
        return std::nullopt;
    }
    return Tap({parts.index, *parts.tap, counters, parts.inputs.clock, parts.listening});
}

}  // namespace

Worker::Worker(const Parts& parts, std::unique_ptr<EventLoop> loop,
               std::unique_ptr<Upstream> upstream, WorkerSockets sockets)
    : index_(parts.index),
      hand_over_(parts.hand_over),
      answer_(kMessageLengthMax),
      loop_(std::move(loop)),
      upstream_(std::move(upstream)),
      tap_(tap_of(parts, counters_)),
      answering_({parts.index, parts.settings, parts.inputs, parts.cache, parts.admission,
                  counters_, parts.listening, parts.tls_listening, tap_ ? &*tap_ : nullptr}),
      forwarding_({parts.cache, parts.in_flight, *upstream_, parts.inputs.clock, counters_, *this},
                  parts.upstream_timeout),
      udp_(*loop_, std::move(sockets.udp), answering_, counters_),
      tcp_({*loop_, answering_, parts.admission, counters_, parts.inputs.clock, parts.tls},
           {std::move(sockets.tcp), std::move(sockets.tls)}),
      ticker_(loop_->every(kTick, [this] { tick(); })) {
    answering_.forward_through(forwarding_);
}

void Worker::tick() {
    answering_.refresh();  // an idle worker must not hold on to a policy of yesterday
    answering_.refresh_names();
    if (tap_) {
        tap_->adjust();
    }
    forwarding_.expire();
    tcp_.tick();
}

bool Worker::may_keep(const Query& query, const devices::DeviceId& device,
                      const StoredAnswer& answer) {
    answering_.refresh();
    return answering_.may_keep(query, device, answer);
}

void Worker::deliver(const Waiter& waiter, const UpstreamOutcome& outcome) {
    if (waiter.worker == index_) {
        answer_own(waiter, outcome);
    } else {
        hand_over_(waiter, outcome);
    }
}

void Worker::take(const Waiter& waiter, const UpstreamOutcome& outcome) {
    loop_->post([this, waiter, outcome] { answer_own(waiter, outcome); });
}

void Worker::answer_own(const Waiter& waiter, const UpstreamOutcome& outcome) {
    const std::size_t length = answering_.finish(waiter, outcome, answer_);
    const Bytes answer = Bytes(answer_).first(length);
    if (waiter.client.transport == Transport::Udp) {
        udp_.send(waiter.client.peer, answer);
    } else {
        tcp_.send(waiter.client.connection, answer);
    }
}

}  // namespace sporvakt::dns
