#pragma once

#include "dns/answers/answer_cache.h"
#include "dns/serving/sockets.h"
#include "dns/tap/tap_output.h"
#include "dns/upstream/in_flight.h"
#include "dns/worker.h"
#include "tests/support/dns/dns_rig.h"
#include "tests/support/dns/fake_upstream.h"

#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace sporvakt::test {

/// One worker on loopback, with the Internet as the test wants it.  Set `at_once` and
/// `admission_settings` before start(); look at the rest after stop().
struct DnsWorkerRig {
    void start() {
        auto sockets = *dns::open_sockets(listen, 1);
        endpoint = sockets.endpoints[0];
        if (tls) {
            static_cast<void>(dns::open_tls_sockets(tls_listen, sockets));
            tls_endpoint = sockets.tls_endpoints.at(0);
        }
        endpoints = sockets.endpoints;
        tls_endpoints = sockets.tls_endpoints;
        auto fake = std::make_unique<FakeUpstream>();
        fake->at_once = at_once;
        upstream = fake.get();
        admission = std::make_unique<dns::Admission>(admission_settings);
        if (!dnstap.empty()) {
            tap = std::make_unique<dns::TapOutput>(dnstap, index + 1);
        }
        worker = std::make_unique<dns::Worker>(
            dns::Worker::Parts{index, settings, std::chrono::milliseconds(3500), inputs, cache,
                               *admission, in_flight, endpoints, tls_endpoints, tls.get(),
                               [this](const dns::Waiter& waiter, const dns::UpstreamOutcome&) {
                                   handed_over.push_back(waiter.worker);
                               },
                               tap.get()},
            *dns::EventLoop::create(), std::move(fake), std::move(sockets.workers[0]));
        thread = std::thread([this] { worker->run(); });
    }
    void stop() {
        if (thread.joinable()) {
            worker->stop();
            thread.join();
        }
    }
    ~DnsWorkerRig() { stop(); }

    [[nodiscard]] std::uint64_t counted(dns::Count kind) const {
        dns::ResolverCounts sum;
        worker->counters().add_to(sum);
        return sum[kind];
    }
    void wait_for(dns::Count kind, std::uint64_t count) const {
        while (counted(kind) < count) {
            std::this_thread::yield();
        }
    }

    DnsHouse house;
    dns::ResolverInputs inputs{house.inputs()};
    dns::AnswerCache cache{std::size_t{1024} * 1024};
    dns::AdmissionSettings admission_settings;
    std::unique_ptr<dns::Admission> admission;
    dns::InFlight in_flight;
    std::size_t index = 0;
    dns::AnswerSettings settings;
    std::map<std::string, std::vector<std::uint8_t>> at_once;
    std::vector<std::size_t> handed_over;
    FakeUpstream* upstream = nullptr;  // the worker's
    std::string dnstap;                ///< Set before start(): the socket where dnstap is read.
    std::unique_ptr<dns::TapOutput> tap;
    std::unique_ptr<dns::Worker> worker;
    std::vector<Endpoint> listen{loopback_endpoint()};
    std::vector<Endpoint> tls_listen{loopback_endpoint()};
    std::shared_ptr<const dns::TlsContext> tls;  ///< Set before start(): it speaks TLS too.
    std::vector<Endpoint> endpoints;
    std::vector<Endpoint> tls_endpoints;
    Endpoint endpoint;
    Endpoint tls_endpoint;
    std::thread thread;
};

}  // namespace sporvakt::test
