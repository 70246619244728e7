#include "dns/resolver.h"

#include "dns/answers/answer_cache.h"
#include "dns/serving/event_loop.h"
#include "dns/tap/tap_output.h"
#include "dns/upstream/in_flight.h"
#include "dns/upstream/upstream.h"
#include "dns/worker.h"

#include <thread>
#include <utility>

namespace sporvakt::dns {

namespace {

AnswerSettings answers_of(const ResolverSettings& settings) {
    AnswerSettings answers = settings.answers;
    for (const ForwardZone& forwarded : settings.upstream.zones) {
        answers.zones.forwarded.add(forwarded.zone);
        answers.zones.may_lead_inside.add(forwarded.zone);
    }
    return answers;
}

}  // namespace

/// In the order in which they stand on each other; the threads end before anything else goes.
struct Resolver::Parts {
    Parts(const ResolverSettings& settings, const ResolverInputs& used, std::size_t worker_count)
        : inputs(used),
          answers(answers_of(settings)),
          cache(settings.cache_bytes),
          admission(settings.admission),
          tls(settings.tls) {
        if (!settings.dnstap.empty()) {
            tap = std::make_unique<TapOutput>(settings.dnstap, worker_count);
        }
    }

    void hand_over(const Waiter& waiter, const UpstreamOutcome& outcome) {
        workers.at(waiter.worker)->take(waiter, outcome);
    }

    ResolverInputs inputs;
    AnswerSettings answers;
    std::vector<Endpoint> endpoints;
    AnswerCache cache;
    Admission admission;
    std::shared_ptr<const TlsContext> tls;
    std::vector<Endpoint> tls_endpoints;
    InFlight in_flight;
    std::unique_ptr<TapOutput> tap;
    std::vector<std::unique_ptr<Worker>> workers;
    std::vector<std::jthread> threads;
};

Result<std::unique_ptr<Resolver>> Resolver::start(const ResolverSettings& settings,
                                                  ResolverSockets sockets,
                                                  const ResolverInputs& inputs) {
    auto parts = std::make_unique<Parts>(settings, inputs, sockets.workers.size());
    parts->endpoints = std::move(sockets.endpoints);
    parts->tls_endpoints = std::move(sockets.tls_endpoints);
    // All are built on this thread: libunbound's set-up is not made for several at once.
    for (WorkerSockets& own : sockets.workers) {
        auto loop = SPORVAKT_TRY(EventLoop::create());
        auto upstream = SPORVAKT_TRY(open_upstream(*loop, settings.upstream));
        const Worker::Parts worker{
            parts->workers.size(),
            parts->answers,
            settings.upstream_timeout,
            parts->inputs,
            parts->cache,
            parts->admission,
            parts->in_flight,
            parts->endpoints,
            parts->tls_endpoints,
            parts->tls.get(),
            [all = parts.get()](const Waiter& waiter, const UpstreamOutcome& outcome) {
                all->hand_over(waiter, outcome);
            },
            parts->tap.get()};
        parts->workers.push_back(
            std::make_unique<Worker>(worker, std::move(loop), std::move(upstream), std::move(own)));
    }
    for (const auto& worker : parts->workers) {
        parts->threads.emplace_back([&own = *worker] { own.run(); });
    }
    return std::unique_ptr<Resolver>(new Resolver(std::move(parts)));
}

Resolver::Resolver(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Resolver::~Resolver() {
    stop();
}

void Resolver::stop() {
    for (const auto& worker : parts_->workers) {
        worker->stop();
    }
    parts_->threads.clear();  // joins
    if (parts_->tap != nullptr) {
        parts_->tap->stop();
    }
}

ResolverCounts Resolver::counts() const {
    ResolverCounts sum;
    for (const auto& worker : parts_->workers) {
        worker->counters().add_to(sum);
    }
    if (parts_->tap != nullptr) {
        parts_->tap->counters().add_to(sum);
    }
    return sum;
}

const std::vector<Endpoint>& Resolver::endpoints() const {
    return parts_->endpoints;
}

}  // namespace sporvakt::dns
