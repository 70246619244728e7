// The servers that run.py measures against each other and against Debian's.
//
//   dns_bench compile FILE LIST       a catalogue from a file of domain names
//   dns_bench bare PORT               recvmmsg/sendmmsg and one fixed answer: the wire limit
//   dns_bench stub PORT               the Internet: an address for every name, at once
//   dns_bench resolver PORT FILE STUB our resolver, one worker, asking the stub on port STUB
//
// A server ends on SIGTERM.
#include "core/base/clock.h"
#include "core/ledger/tally.h"
#include "core/trackers/list_compiler.h"
#include "dns/resolver.h"
#include "tests/support/dns/dns_builder.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace sporvakt;

namespace {

class AddressFinder final : public devices::DeviceFinder {
public:
    [[nodiscard]] devices::DeviceId device_at(const IpAddress& address) const override {
        return devices::DeviceId(address);
    }
};

std::uint16_t port_of(std::string_view text) {
    std::uint16_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

Endpoint loopback(std::uint16_t port) {
    return {*IpAddress::from_text("127.0.0.1"), port};
}

sigset_t end_signal() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    return signals;
}

void wait_for_end() {
    const sigset_t signals = end_signal();
    int signal = 0;
    sigwait(&signals, &signal);
}

constexpr unsigned kBatch = 32;
constexpr std::size_t kMessageMax = 512;

/// Turns the query in `message`, `length` bytes long, into its answer; returns the answer's length.
using Answerer =
    std::function<std::size_t(std::array<std::uint8_t, kMessageMax>& message, std::size_t length)>;

/// The least that a server on sockets can do for a query.
class BareServer {
public:
    BareServer(int socket, Answerer answerer) : socket_(socket), answerer_(std::move(answerer)) {}

    void run(const std::atomic<bool>& is_ending) {
        while (!is_ending) {
            pollfd readable{socket_, POLLIN, 0};
            poll(&readable, 1, 200);
            prepare();
            const int got = recvmmsg(socket_, messages_.data(), kBatch, MSG_DONTWAIT, nullptr);
            for (int at = 0; at < got; ++at) {
                const auto place = static_cast<std::size_t>(at);
                parts_.at(place).iov_len = answerer_(bytes_.at(place), messages_.at(place).msg_len);
            }
            if (got > 0) {
                sendmmsg(socket_, messages_.data(), static_cast<unsigned>(got), 0);
            }
        }
    }

private:
    void prepare() {
        for (unsigned at = 0; at < kBatch; ++at) {
            parts_.at(at) = {bytes_.at(at).data(), bytes_.at(at).size()};
            msghdr& header = messages_.at(at).msg_hdr;
            header = {};
            header.msg_name = &peers_.at(at);
            header.msg_namelen = sizeof(sockaddr_storage);
            header.msg_iov = &parts_.at(at);
            header.msg_iovlen = 1;
        }
    }

    int socket_;
    Answerer answerer_;
    std::array<std::array<std::uint8_t, kMessageMax>, kBatch> bytes_{};
    std::array<sockaddr_storage, kBatch> peers_{};
    std::array<iovec, kBatch> parts_{};
    std::array<mmsghdr, kBatch> messages_{};
};

int serve(std::uint16_t port, Answerer answerer) {
    auto sockets = dns::open_sockets(std::vector{loopback(port)}, 1);
    if (!sockets) {
        fmt::print(stderr, "{}\n", sockets.error().message);
        return 1;
    }
    std::atomic<bool> is_ending{false};
    BareServer server(sockets->workers[0].udp[0].get(), std::move(answerer));
    std::thread running([&] { server.run(is_ending); });
    wait_for_end();
    is_ending = true;
    running.join();
    return 0;
}

int serve_bare(std::uint16_t port) {
    const auto answer = test::DnsBuilder::reply("px.tracker1.example", 1)
                            .a("px.tracker1.example", {0, 0, 0, 0})
                            .build();
    return serve(port, [answer](auto& message, std::size_t) {
        std::copy(answer.begin() + 2, answer.end(), message.begin() + 2);
        return answer.size();
    });
}

/// The question back, with 192.0.2.1 for an hour when it asks for an address.
std::size_t answer_anything(std::array<std::uint8_t, kMessageMax>& message, std::size_t length) {
    constexpr std::array<std::uint8_t, 16> kAddress{0xC0, 12, 0, 1, 0,   1, 0, 0,
                                                    0x0E, 16, 0, 4, 192, 0, 2, 1};
    std::size_t at = 12;
    while (at < length && message.at(at) != 0) {
        at += message.at(at) + std::size_t{1};
    }
    at += 5;  // the root label, type and class
    if (at + kAddress.size() > kMessageMax || at > length) {
        return 0;
    }
    const bool is_address = message.at(at - 3) == 1;
    message[2] = 0x81;
    message[3] = 0x80;
    message[7] = is_address ? 1 : 0;
    message[11] = 0;  // no EDNS
    if (is_address) {
        std::copy(kAddress.begin(), kAddress.end(),
                  message.begin() + static_cast<std::ptrdiff_t>(at));
        at += kAddress.size();
    }
    return at;
}

int compile(const std::string& path, const std::string& list) {
    const auto compiled =
        trackers::compile_lists(std::vector{list}, path, "2026-11-22T00:00:00.000Z", {});
    return compiled ? 0 : 1;
}

Result<void> serve_resolver(std::uint16_t port, const std::string& catalogue, std::uint16_t stub) {
    const Snapshot<policy::Policy> policy(std::make_shared<const policy::Policy>(
        std::vector{SPORVAKT_TRY(trackers::Catalogue::open(catalogue))}, policy::HouseholdRules{}));
    const AddressFinder finder;
    ledger::Tally tally;
    const SystemClock clock;
    dns::ResolverSettings settings;
    settings.upstream.forwarders = {{loopback(stub), {}}};
    auto sockets = SPORVAKT_TRY(dns::open_sockets(std::vector{loopback(port)}, 1));
    const auto resolver = SPORVAKT_TRY(dns::Resolver::start(
        settings, std::move(sockets), {policy, finder, tally, clock, nullptr}));
    std::jthread taker([&](const std::stop_token& stop) {  // as the channel to the keeper does
        while (!stop.stop_requested()) {
            std::this_thread::sleep_for(std::chrono::seconds(1));
            static_cast<void>(tally.take());
        }
    });
    wait_for_end();
    return {};
}

int told(const Result<void>& done) {
    if (!done) {
        fmt::print(stderr, "dns_bench: {}\n", done.error().message);
    }
    return done ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    const sigset_t signals = end_signal();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before threads exist
    if (words.size() == 3 && words[0] == "compile") {
        return compile(words[1], words[2]);
    }
    if (words.size() == 2 && words[0] == "bare") {
        return serve_bare(port_of(words[1]));
    }
    if (words.size() == 2 && words[0] == "stub") {
        return serve(port_of(words[1]), answer_anything);
    }
    if (words.size() == 4 && words[0] == "resolver") {
        return told(serve_resolver(port_of(words[1]), words[2], port_of(words[3])));
    }
    fmt::print(stderr,
               "usage: dns_bench compile FILE LIST | bare PORT | stub PORT | "
               "resolver PORT FILE STUB\n");
    return 64;
}
