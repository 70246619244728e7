#pragma once

#include "capture/sniffer.h"
#include "tests/support/conversation.h"
#include "tests/support/packets/lan_messages.h"
#include "tests/support/recording_sink.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CppUTest/TestHarness.h>

namespace sporvakt::test {

inline std::shared_ptr<const policy::Policy> blocking(const std::string& name) {
    return std::make_shared<const policy::Policy>(
        std::vector<std::shared_ptr<const trackers::Catalogue>>{},
        policy::HouseholdRules{{{name, policy::HouseholdRule::Block}}});
}

/// Whom our resolver answers.
struct DnsClient {
    std::string_view address;
    std::string_view mac = "3c:22:fb:12:34:01";
};

/// Our resolver's answer to a device, one minute good.
inline Octets dns_reply_to(const DnsClient& client, std::string_view name,
                           std::string_view address) {
    DnsSections sections;
    sections.flags = 0x8180;
    sections.questions = {dns_host(name) + Octets{0, 1, 0, 1}};
    sections.answers = {dns_record(dns_host(name), 1, 60, address_octets(address))};
    const IpFields fields{.source = "192.168.1.1", .destination = client.address, .protocol = 17};
    return ethernet(capture::kEthertypeIpv4,
                    ipv4(fields, udp({.source = 53, .destination = 5000}, dns_message(sections))),
                    {"dc:a6:32:77:00:01", client.mac});
}

/// A sniffer in a house that blocks ads.example, what it tells, and a conversation to show it.
class WatchedSniffer : public Utest {
public:
    Snapshot<policy::Policy> policy{blocking("ads.example")};
    RecordingSink sink;
    std::vector<capture::FlowSummary> flows;
    std::vector<std::uint8_t> memory = std::vector<std::uint8_t>(capture::FlowJournal::kBytes);
    capture::FlowJournal journal{memory};
    std::unique_ptr<capture::Sniffer> sniffer = start({});
    Timestamp now{std::chrono::seconds(1000)};
    Conversation talk;

    std::unique_ptr<capture::Sniffer> start(capture::SnifferSettings settings) {
        settings.on_flow_end = [this](const capture::FlowSummary& flow) { flows.push_back(flow); };
        return std::make_unique<capture::Sniffer>(std::move(settings), policy, sink);
    }
    void see(const Octets& bytes) {
        now += std::chrono::milliseconds(1);
        sniffer->see(packet(bytes, now));
    }
    void open_talk(std::string_view name) {
        see(talk.syn());
        see(talk.syn_ack());
        see(talk.say(tls_hello(name)));
        see(talk.answer(octets("server hello")));
    }
    std::vector<devices::DeviceClue> bypasses() const {
        auto clues = sink.clues();
        std::erase_if(clues, [](const auto& clue) { return clue.bypass == devices::Bypass::None; });
        return clues;
    }
    std::uint64_t recorded_up() const {
        std::uint64_t sum = 0;
        for (const auto& sighting : sink.sightings()) {
            sum += sighting.bytes_up;
        }
        return sum;
    }
};

}  // namespace sporvakt::test
