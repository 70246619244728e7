// capture_instructions LOAD COUNT: gives COUNT introductions to the readers of names as the sniffer
// does, so that valgrind can count what each costs, and prints how long one took.  LOAD: tls (a
// hello in one segment), quic (one Initial), packet (a packet of a flow that has its name).
#include "capture/name_readers.h"
#include "capture/sniffer.h"
#include "tests/support/conversation.h"
#include "tests/support/packets/quic_builder.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

using namespace sporvakt;
using namespace sporvakt::capture;
using namespace sporvakt::test;

namespace {

constexpr std::string_view kName = "www.tracker.example";

class Nobody final : public ledger::SightingSink {
public:
    void record(const ledger::SightingView& /*sighting*/) override {}
    void note(devices::DeviceClue /*clue*/) override {}
};

/// Reads the same introduction again and again, each time for a flow that has none yet.
std::uint64_t read_names(const Octets& introduction, FlowTransport transport, std::uint64_t count) {
    NamePool names;
    DnsAnswers answers(names);
    NameReaders readers(answers, names);
    Frame frame;
    frame.payload = introduction;
    frame.payload_length = static_cast<std::uint32_t>(introduction.size());
    std::uint64_t named = 0;
    for (std::uint64_t number = 0; number < count; ++number) {
        Flow flow;
        flow.transport = transport;
        frame.at += std::chrono::milliseconds(1);  // below the limit on opened packets
        readers.read(flow, frame);
        readers.finish(flow);
        named += flow.claimed() == kName ? 1U : 0U;
    }
    return named;
}

/// Data of one flow that is known, as nearly every packet is.
std::uint64_t see_packets(std::uint64_t count) {
    Snapshot<policy::Policy> policy(std::make_shared<const policy::Policy>(
        std::vector<std::shared_ptr<const trackers::Catalogue>>{}, policy::HouseholdRules{}));
    Nobody nobody;
    std::uint64_t packets = 0;
    SnifferSettings settings;
    settings.on_flow_end = [&](const FlowSummary& flow) { packets += flow.packets_up; };
    Sniffer sniffer(settings, policy, nobody);
    Conversation talk;
    const Timestamp at(std::chrono::seconds(1000));
    sniffer.see(packet(talk.syn(), at));
    sniffer.see(packet(talk.say(tls_hello(kName)), at));
    Conversation other;
    other.device_port = 40'001;
    const Octets ours = talk.say(Octets(1400, 1));
    const Octets others = other.say(Octets(1400, 1));
    for (std::uint64_t number = 0; number < count / 2; ++number) {
        sniffer.see(packet(ours, at));
        sniffer.see(packet(others, at));
    }
    sniffer.finish();
    return packets - 2;
}

std::function<std::uint64_t(std::uint64_t)> load_of(std::string_view name) {
    if (name == "tls") {
        return [hello = tls_hello(kName)](std::uint64_t count) {
            return read_names(hello, FlowTransport::Tcp, count);
        };
    }
    if (name == "quic") {
        const Octets initial = padded_datagram(quic_initial(
            {}, crypto_frame(0, HelloBuilder().server_name(kName).build()) + Octets(900, 0)));
        return [initial](std::uint64_t count) {
            return read_names(initial, FlowTransport::Udp, count);
        };
    }
    return name == "packet" ? see_packets : std::function<std::uint64_t(std::uint64_t)>();
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    const auto load = words.size() == 2 ? load_of(words[0]) : nullptr;
    if (!load) {
        fmt::print(stderr, "usage: capture_instructions tls|quic|packet COUNT\n");
        return 64;
    }
    const auto count = std::stoull(words[1]);
    const auto begun = std::chrono::steady_clock::now();
    const std::uint64_t done = load(count);
    const auto took = std::chrono::steady_clock::now() - begun;
    fmt::print("{{\"load\": \"{}\", \"nanoseconds\": {:.0f}}}\n", words[0],
               std::chrono::duration<double, std::nano>(took).count() / static_cast<double>(count));
    // A number that counts something else is worse than none.
    return done == count ? 0 : 1;
}
