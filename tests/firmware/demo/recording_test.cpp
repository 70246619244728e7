#include "firmware/demo/recording.h"

#include "capture/sniffer.h"
#include "core/devices/registry.h"
#include "core/policy/policy.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace firmware::demo;
using capture::FlowSummary;
using capture::NameOrigin;

namespace {

std::string project_file(const std::string& path) {
    std::ifstream in(std::string(SPORVAKT_SOURCE_DIR "/") + path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

Scenario demonstration() {
    return parse_scenario(project_file("firmware/demo/devices.tsv"),
                          project_file("firmware/demo/scenario.tsv"))
        .value();
}

bool is_flow(const Scene& scene) {
    return scene.happening != Happening::Prevented;
}

NameOrigin origin_of(Happening happening) {
    if (happening == Happening::Quic) {
        return NameOrigin::Quic;
    }
    return happening == Happening::Http ? NameOrigin::Http : NameOrigin::Tls;
}

/// What a flow is, without its numbers.
using Told = std::tuple<std::string, std::string, NameOrigin>;

/// Keeps what the sniffer tells.
class Audience final : public ledger::SightingSink {
public:
    void record(const ledger::SightingView& sighting) override {
        sightings.push_back(sighting.with_texts_as<std::string>());
    }
    void note(devices::DeviceClue clue) override { registry.add(clue); }

    devices::Registry registry{nullptr};
    std::vector<ledger::Sighting> sightings;
    std::vector<FlowSummary> flows;
};

/// A household that wants the gateway to refuse what the scenario says it refuses.
std::shared_ptr<const policy::Policy> policy_of(const Scenario& scenario) {
    policy::HouseholdRules rules;
    for (const Scene& scene : scenario.scenes) {
        if (!is_flow(scene)) {
            rules.rules.push_back({scene.name.text(), policy::HouseholdRule::Block});
        }
    }
    return std::make_shared<const policy::Policy>(
        std::vector<std::shared_ptr<const trackers::Catalogue>>{}, rules);
}

void play(const Scenario& scenario, Audience& audience) {
    const Snapshot<policy::Policy> policy(policy_of(scenario));
    capture::SnifferSettings settings;
    settings.refused_queries = capture::RefusedQueries::Counted;
    settings.on_flow_end = [&](const FlowSummary& flow) { audience.flows.push_back(flow); };
    capture::Sniffer sniffer(std::move(settings), policy, audience);
    for (const RecordedPacket& packet : record(scenario)) {
        const auto at = floor<std::chrono::milliseconds>(packet.at);
        sniffer.see(
            {kRecordedAt + at, capture::LinkType::Ethernet, packet.bytes, packet.wire_length});
    }
    sniffer.finish();
    CHECK_EQUAL(0, sniffer.counters().malformed);
}

}  // namespace

TEST_GROUP(Recording) {
    const Scenario scenario_ = demonstration();
    Audience audience_;

    [[nodiscard]] devices::DeviceId device_of(const Scene& scene) const {
        return devices::DeviceId(scenario_.devices[scene.device].mac);
    }
};

TEST(Recording, IsNamedByTheSnifferAsTheScenarioSays) {
    play(scenario_, audience_);

    std::vector<Told> expected;
    for (const Scene& scene : scenario_.scenes) {
        if (is_flow(scene)) {
            expected.emplace_back(device_of(scene).text(), scene.name.text(),
                                  origin_of(scene.happening));
        }
    }
    std::vector<Told> told;
    for (const FlowSummary& flow : audience_.flows) {
        if (flow.server.port == 443 || flow.server.port == 80) {
            told.emplace_back(flow.device.text(), flow.name, flow.origin);
        }
    }
    std::sort(expected.begin(), expected.end());
    std::sort(told.begin(), told.end());
    CHECK_EQUAL(expected.size(), told.size());
    CHECK(expected == told);
}

TEST(Recording, HasTheBytesThatTheScenarioSays) {
    play(scenario_, audience_);

    std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> sent;
    std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> wanted;
    for (const FlowSummary& flow : audience_.flows) {
        sent[flow.name].first += flow.bytes_up;
        sent[flow.name].second += flow.bytes_down;
    }
    for (const Scene& scene : scenario_.scenes) {
        if (is_flow(scene)) {
            wanted[scene.name.text()].first += scene.bytes_up;
            wanted[scene.name.text()].second += scene.bytes_down;
        }
    }
    for (const auto& [name, bytes] : wanted) {
        // Headers and acknowledgements come on top of the payload.
        CHECK_TRUE(sent[name].first >= bytes.first);
        CHECK_TRUE(sent[name].second >= bytes.second);
        CHECK_TRUE(sent[name].second <= bytes.second + bytes.second / 10 + 4000);
    }
}

TEST(Recording, ShowsWhatTheGatewayPrevented) {
    play(scenario_, audience_);

    std::map<std::pair<std::string, std::string>, std::uint32_t> expected;
    for (const Scene& scene : scenario_.scenes) {
        if (!is_flow(scene)) {
            ++expected[{device_of(scene).text(), scene.name.text()}];
        }
    }
    std::map<std::pair<std::string, std::string>, std::uint32_t> told;
    for (const ledger::Sighting& sighting : audience_.sightings) {
        if (sighting.outcome == ledger::Outcome::Prevented) {
            told[{sighting.device.text(), sighting.name}] += sighting.attempts;
        }
    }
    CHECK(expected == told);
}

TEST(Recording, IntroducesEveryDevice) {
    play(scenario_, audience_);

    for (const ActingDevice& acting : scenario_.devices) {
        const auto* device = audience_.registry.find(devices::DeviceId(acting.mac));
        CHECK(device != nullptr);
        STRCMP_EQUAL(acting.name.c_str(), device->host_name.c_str());
        STRCMP_EQUAL(acting.announced_name.c_str(), device->announced_name.c_str());
        STRCMP_EQUAL(acting.vendor_class.c_str(), device->vendor_class.c_str());
        CHECK(device->addresses == std::vector<IpAddress>{acting.address});
    }
}

TEST(Recording, ClaimsNothingOfARealWebsite) {
    for (const Scene& scene : scenario_.scenes) {
        CHECK_TRUE(scene.site.empty() || scene.site.ends_with(".example"));
        CHECK_TRUE(scene.happening != Happening::Site || scene.site == scene.name.text());
    }
}

TEST(Recording, IsInOrderAndLastsAFewMinutes) {
    const auto packets = record(scenario_);

    CHECK_TRUE(std::is_sorted(packets.begin(), packets.end(),
                              [](const RecordedPacket& left, const RecordedPacket& right) {
                                  return left.at < right.at;
                              }));
    CHECK(packets.back().at > std::chrono::minutes(3));
    CHECK(packets.back().at < std::chrono::minutes(5));
}

TEST(Recording, IsTheSameEveryTime) {
    const std::string file = pcap_file(record(scenario_));

    CHECK(file == pcap_file(record(demonstration())));
    CHECK_TRUE(file.size() < std::size_t{4} * 1024 * 1024);
}

TEST(Recording, IsWrittenAsAPcapFile) {
    const std::string file = pcap_file(
        {{std::chrono::microseconds(1000001), std::vector<std::uint8_t>{0xaa, 0xbb}, 70}});
    const std::string expected(
        "\xd4\xc3\xb2\xa1\x02\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\x00\x00"
        "\x01\x00\x00\x00"
        "\x81\xb3\xe8\x6a\x01\x00\x00\x00\x02\x00\x00\x00\x46\x00\x00\x00\xaa\xbb",
        42);
    CHECK_EQUAL(42, file.size());
    CHECK(file == expected);
}
