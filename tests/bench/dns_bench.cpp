// What a blocked and a cached answer cost, against the least that any answer can cost: a bare
// responder that copies a fixed one.  dns_bench.sh drives it with dnsperf.
//
//   dns_bench compile FILE COUNT          a catalogue of COUNT invented tracker names
//   dns_bench bare PORT                   serve by recvmmsg/sendmmsg and a fixed answer
//   dns_bench resolver PORT FILE KEPT     serve with the resolver, one worker; KEPT names resolve
//
// A server ends on SIGTERM and prints how many queries it answered since SIGUSR1, and the CPU time
// of each.
#include "core/base/clock.h"
#include "core/ledger/tally.h"
#include "core/trackers/catalogue_writer.h"
#include "dns/resolver.h"
#include "tests/support/dns_builder.h"
#include "tests/support/fake_name_server.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

using namespace sporvakt;

namespace {

class AddressFinder final : public devices::DeviceFinder {
public:
    [[nodiscard]] devices::DeviceId device_at(const IpAddress& address) const override {
        return devices::DeviceId(address);
    }
};

std::uint64_t number(std::string_view text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

double cpu_microseconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto micro = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
    };
    return micro(usage.ru_utime) + micro(usage.ru_stime);
}

/// Memory that no file and no other process could share, in kB.
std::string private_memory() {
    std::ifstream status("/proc/self/smaps_rollup");
    std::string line;
    std::uint64_t sum = 0;
    while (std::getline(status, line)) {
        if (line.starts_with("Private_Dirty:")) {
            const std::size_t at = line.find_first_of("0123456789");
            sum += number(std::string_view(line).substr(at));
        }
    }
    return fmt::format("{} kB", sum);
}

sigset_t signals_we_wait_for() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    sigaddset(&signals, SIGTERM);
    return signals;
}

/// Waits for SIGTERM and tells what happened since the last SIGUSR1.
template <class CountQueries>
void measure_until_end(const CountQueries& count_queries) {
    const sigset_t signals = signals_we_wait_for();
    std::uint64_t queries = 0;
    double cpu = 0;
    int signal = SIGUSR1;
    do {
        queries = count_queries();
        cpu = cpu_microseconds();
        sigwait(&signals, &signal);
    } while (signal != SIGTERM);
    queries = count_queries() - queries;
    cpu = cpu_microseconds() - cpu;
    fmt::print("{} queries, {:.2f} us CPU each, private memory {}\n", queries,
               queries > 0 ? cpu / static_cast<double>(queries) : 0, private_memory());
}

int compile(const std::string& path, std::uint64_t count) {
    trackers::CatalogueWriter writer;
    const std::uint16_t list = writer.add_list("Bench list").value_or(0);
    static_cast<void>(writer.add_company({"meta", "Meta Platforms", "", "US", ""}));
    for (std::uint64_t name = 0; name < count; ++name) {
        // Two rules for each registrable name, as in real lists.
        const std::string text =
            fmt::format("{}.tracker{}.example", name % 2 == 0 ? "px" : "metrics", name / 2);
        static_cast<void>(
            writer.add(list, {text, trackers::RuleScope::WithSubdomains, {}, "||", "^"}));
    }
    const auto written = writer.write(path, "2026-11-21T12:00:00Z");
    return written ? 0 : 1;
}

int serve_bare(std::uint16_t port) {
    constexpr unsigned kBatch = 32;
    const Endpoint endpoint{*IpAddress::from_text("127.0.0.1"), port};
    auto sockets = dns::open_sockets(std::vector{endpoint}, 1);
    const int socket = sockets->workers[0].udp[0].get();
    std::atomic<bool> is_ending{false};
    std::atomic<std::uint64_t> queries{0};
    std::thread server([&] {
        const auto answer = test::DnsBuilder::reply("px.tracker1.example", 1)
                                .a("px.tracker1.example", {0, 0, 0, 0})
                                .build();
        std::array<std::array<std::uint8_t, 512>, kBatch> bytes{};
        std::array<sockaddr_storage, kBatch> peers{};
        std::array<iovec, kBatch> parts{};
        std::array<mmsghdr, kBatch> messages{};
        while (!is_ending) {
            for (unsigned at = 0; at < kBatch; ++at) {
                parts.at(at) = {bytes.at(at).data(), bytes.at(at).size()};
                msghdr& header = messages.at(at).msg_hdr;
                header = {};
                header.msg_name = &peers.at(at);
                header.msg_namelen = sizeof(sockaddr_storage);
                header.msg_iov = &parts.at(at);
                header.msg_iovlen = 1;
            }
            pollfd readable{socket, POLLIN, 0};
            poll(&readable, 1, 200);
            const int got = recvmmsg(socket, messages.data(), kBatch, MSG_DONTWAIT, nullptr);
            for (int at = 0; at < got; ++at) {
                const auto place = static_cast<std::size_t>(at);
                std::copy(answer.begin() + 2, answer.end(), bytes.at(place).begin() + 2);
                parts.at(place).iov_len = answer.size();
            }
            if (got > 0) {
                sendmmsg(socket, messages.data(), static_cast<unsigned>(got), 0);
                queries += static_cast<std::uint64_t>(got);
            }
        }
    });
    measure_until_end([&] { return queries.load(); });
    is_ending = true;
    server.join();
    return 0;
}

int serve_resolver(std::uint16_t port, const std::string& catalogue, std::uint64_t kept) {
    const auto begun = std::chrono::steady_clock::now();
    const Snapshot<policy::Policy> policy(std::make_shared<const policy::Policy>(
        std::vector{*trackers::Catalogue::open(catalogue)}, policy::HouseholdRules{}));
    const AddressFinder finder;
    ledger::Tally tally;
    const SystemClock clock;
    test::FakeNameServer internet;
    for (std::uint64_t site = 0; site < kept; ++site) {
        const std::string name = fmt::format("www.site{}.example", site);
        internet.tell(name, 1,
                      test::DnsBuilder::reply(name, 1).ttl(3600).a(name, {192, 0, 2, 1}).build());
    }
    const Endpoint endpoint{*IpAddress::from_text("127.0.0.1"), port};
    dns::ResolverSettings settings;
    settings.upstreams = {internet.endpoint()};
    auto sockets = dns::open_sockets(std::vector{endpoint}, 1);
    const auto resolver =
        *dns::Resolver::start(settings, std::move(*sockets), {policy, finder, tally, clock});
    const std::chrono::duration<double, std::milli> ready =
        std::chrono::steady_clock::now() - begun;
    fmt::print("ready after {:.1f} ms; ", ready.count());
    std::jthread taker([&](const std::stop_token& stop) {  // as the channel to the keeper does
        while (!stop.stop_requested()) {
            std::this_thread::sleep_for(std::chrono::seconds(1));
            static_cast<void>(tally.take());
        }
    });
    measure_until_end([&] { return resolver->counts()[dns::Count::Received]; });
    const auto counts = resolver->counts();
    fmt::print("in all: blocked {}, cached {}, asked {}\n", counts[dns::Count::Blocked],
               counts[dns::Count::Cached], counts[dns::Count::Asked]);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    const sigset_t signals = signals_we_wait_for();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before threads exist
    if (words.size() == 3 && words[0] == "compile") {
        return compile(words[1], number(words[2]));
    }
    if (words.size() == 2 && words[0] == "bare") {
        return serve_bare(static_cast<std::uint16_t>(number(words[1])));
    }
    if (words.size() == 4 && words[0] == "resolver") {
        return serve_resolver(static_cast<std::uint16_t>(number(words[1])), words[2],
                              number(words[3]));
    }
    fmt::print(stderr,
               "usage: dns_bench compile FILE COUNT | bare PORT | resolver PORT FILE KEPT\n");
    return 64;
}
