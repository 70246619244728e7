#pragma once

#include "core/base/snapshot.h"
#include "core/policy/policy.h"
#include "dns/resolver.h"
#include "tests/support/catalogue_builder.h"
#include "tests/support/hand_clock.h"
#include "tests/support/recording_sink.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sporvakt::test {

/// Every client is the device of its address, as on a network where no MAC can be seen.
class AddressFinder final : public devices::DeviceFinder {
public:
    [[nodiscard]] devices::DeviceId device_at(const IpAddress& address) const override {
        return devices::DeviceId(address);
    }
};

/// The list of a test house: tracker.example is Meta's and blocked, ok.tracker.example allowed, and
/// so is the address 192.0.2.66 blocked.
inline std::shared_ptr<const trackers::Catalogue> house_catalogue() {
    CatalogueBuilder builder;
    builder.list("House list");
    builder.company("meta", "Meta Platforms");
    builder.domain("tracker.example", "meta", trackers::Purpose::Advertising);
    builder.block("tracker.example").allow("ok.tracker.example").block("192.0.2.66");
    return builder.open();
}

/// What a resolver works with, in a house that a test furnishes.
struct DnsHouse {
    DnsHouse() : policy(std::make_shared<const policy::Policy>(catalogues(), no_rules())) {}

    /// The owner's own rules, on top of the list; in force from the next query on.
    void rule(const std::string& name, policy::HouseholdRule rule) {
        rules.rules.push_back({name, rule});
        policy.publish(std::make_shared<const policy::Policy>(catalogues(), rules));
    }

    /// In the place of all groups that there were; in force from the next query on.
    void group(policy::Group group) {
        rules.groups = {std::move(group)};
        policy.publish(std::make_shared<const policy::Policy>(catalogues(), rules));
    }

    std::vector<std::shared_ptr<const trackers::Catalogue>> catalogues() const {
        return {catalogue};
    }
    static policy::HouseholdRules no_rules() { return {}; }

    [[nodiscard]] dns::ResolverInputs inputs() {
        return {policy, finder, sink, clock, &local_names};
    }

    std::shared_ptr<const trackers::Catalogue> catalogue = house_catalogue();
    policy::HouseholdRules rules;
    Snapshot<policy::Policy> policy;
    Snapshot<dns::LocalNames> local_names{std::make_shared<const dns::LocalNames>()};
    AddressFinder finder;
    RecordingSink sink;
    HandClock clock;
};

inline Endpoint loopback_endpoint(std::uint16_t port = 0) {
    return Endpoint{*IpAddress::from_text("127.0.0.1"), port};
}

/// The whole resolver for the house, on a port of its own on loopback.
inline std::unique_ptr<dns::Resolver> start_resolver(const dns::ResolverSettings& settings,
                                                     DnsHouse& house, unsigned workers = 1) {
    const std::vector listen{loopback_endpoint()};
    return *dns::Resolver::start(settings, *dns::open_sockets(listen, workers), house.inputs());
}

}  // namespace sporvakt::test
