#include "capture/frame.h"
#include "capture/sniffer.h"
#include "capture/sources/packet_source.h"
#include "tests/support/recording_sink.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::capture;

namespace {

// A capture of the designer's lab and what is known of its flows, which lie beside the project and
// are no part of it.
constexpr const char* kCapture = SPORVAKT_SOURCE_DIR "/../shared/pcap/lab-six-sites.pcap";
constexpr const char* kTruth = SPORVAKT_SOURCE_DIR "/../shared/pcap/lab-six-sites.flows.tsv";
constexpr const char* kCounter = "www.google-analytics.com";

/// A row of the truth, as far as it is asked here.
struct TrueFlow {
    std::string mac;
    std::string told;                ///< The name in its hello.
    std::vector<std::string> asked;  ///< The hosts that requests on it were for.
    std::uint16_t port = 0;          ///< The device's.
};

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, separator);) {
        parts.push_back(part);
    }
    return parts;
}

/// All flows that carried requests; DNS is none of them.
std::vector<TrueFlow> true_flows() {
    std::vector<TrueFlow> flows;
    std::ifstream file(kTruth);
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
        const auto fields = split(line, '\t');
        const bool has_requests = fields.size() > 17 && fields[17] != "0";
        if (has_requests) {
            flows.push_back({fields[3], fields[6], split(fields[7], ','),
                             static_cast<std::uint16_t>(std::stoul(fields[9]))});
        }
    }
    return flows;
}

using Contact = std::pair<std::string, std::string>;  ///< A device and a name.

}  // namespace

TEST_GROUP(LabContacts) {
    test::RecordingSink sink;
    std::vector<TrueFlow> truth = true_flows();

    /// False, and said so, where the capture is not there.
    bool is_there() const {
        if (std::ifstream(kCapture) && !truth.empty()) {
            return true;
        }
        std::printf("\nSKIPPED: %s or its truth is not there\n", kCapture);
        return false;
    }

    /// A household that wants to hear of every name that was asked for.
    [[nodiscard]] std::shared_ptr<const policy::Policy> curious() const {
        policy::HouseholdRules rules;
        for (const TrueFlow& flow : truth) {
            for (const std::string& name : flow.asked) {
                rules.rules.push_back({name, policy::HouseholdRule::Block});
            }
        }
        return std::make_shared<const policy::Policy>(
            std::vector<std::shared_ptr<const trackers::Catalogue>>{}, rules);
    }

    /// Without the packets of these ports.
    void listen(const std::set<std::uint16_t>& left_out) {
        Snapshot<policy::Policy> policy(curious());
        Sniffer sniffer({}, policy, sink);
        auto source = open_capture_file(kCapture);
        for (auto delivery = (*source)->next(); delivery && delivery->arrival == Arrival::Packet;
             delivery = (*source)->next()) {
            const auto frame = decode_frame(delivery->packet);
            if (!frame || (!left_out.contains(frame->source_port) &&
                           !left_out.contains(frame->destination_port))) {
                sniffer.see(delivery->packet);
            }
        }
        sniffer.finish();
    }
    [[nodiscard]] std::vector<ledger::Sighting> contacts_with(const std::string& name) const {
        auto contacts = sink.sightings();
        std::erase_if(contacts, [&](const ledger::Sighting& one) {
            return one.name != name || one.attempts == 0;
        });
        return contacts;
    }
};

TEST(LabContacts, ANameWithAFlowOfItsOwnIsCountedOnceThoughItAlsoRides) {
    if (!is_there()) {
        return;
    }
    listen({});

    const auto contacts = contacts_with(kCounter);
    LONGS_EQUAL(1, contacts.size());
    LONGS_EQUAL(1, contacts[0].attempts);
    CHECK(contacts[0].source == ledger::NameSource::Quic);
}

TEST(LabContacts, ANameThatOnlyRidesIsCountedOnce) {
    if (!is_there()) {
        return;
    }
    std::set<std::uint16_t> own;
    for (const TrueFlow& flow : truth) {
        if (flow.told == kCounter) {
            own.insert(flow.port);
        }
    }
    listen(own);

    const auto contacts = contacts_with(kCounter);
    LONGS_EQUAL(1, contacts.size());
    LONGS_EQUAL(1, contacts[0].attempts);
    CHECK(contacts[0].source == ledger::NameSource::Inferred);
    CHECK(contacts[0].outcome == ledger::Outcome::Leaked);
    STRCMP_EQUAL("3c:22:fb:12:34:01", contacts[0].device.text().c_str());
    LONGS_EQUAL(0, contacts[0].bytes_up + contacts[0].bytes_down);
}

TEST(LabContacts, NothingRidesThatWasNotAskedForInTruth) {
    if (!is_there()) {
        return;
    }
    std::set<Contact> asked;
    for (const TrueFlow& flow : truth) {
        for (const std::string& name : flow.asked) {
            asked.insert({flow.mac, name});
        }
    }
    listen({});

    for (const auto& sighting : sink.sightings()) {
        const bool is_guess = sighting.source == ledger::NameSource::Inferred;
        if (is_guess && sighting.attempts > 0) {
            CHECK_TEXT(asked.count({sighting.device.text(), sighting.name}) == 1,
                       sighting.name.c_str());
        }
    }
}
