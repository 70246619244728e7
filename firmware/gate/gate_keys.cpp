#include "firmware/gate/gate_keys.h"

#include <algorithm>
#include <optional>
#include <string>

#include <fmt/core.h>

namespace sporvakt::firmware {
namespace {

using capture::GateMode;
using capture::OnFailure;

/// The cards on the side of the house.
const std::vector<std::string>& interfaces_of(const Configuration& configuration) {
    return configuration.gate.interfaces.empty() ? configuration.capture.interfaces
                                                 : configuration.gate.interfaces;
}

/// Where the house's questions can be sent: the first address of each family that it can reach.
std::vector<Endpoint> dns_of(const std::vector<Endpoint>& listen) {
    std::vector<Endpoint> found;
    for (const IpFamily family : {IpFamily::V4, IpFamily::V6}) {
        const auto reachable =
            std::find_if(listen.begin(), listen.end(), [family](const Endpoint& one) {
                return one.address.family() == family && !one.address.is_loopback();
            });
        if (reachable != listen.end()) {
            found.push_back(*reachable);
        }
    }
    return found;
}

}  // namespace

void GateKeys::read(std::string_view key, const toml::node& value) {
    if (key == "gate.mode") {
        mode(value);
    } else if (key == "gate.on_failure") {
        on_failure(value);
    } else {
        wish(key, value);
    }
}

void GateKeys::mode(const toml::node& value) {
    const auto text = value.value<std::string>();
    if (text == "off") {
        gate_.mode = GateMode::Off;
    } else if (text == "log") {
        gate_.mode = GateMode::Log;
    } else if (text == "cut") {
        gate_.mode = GateMode::Cut;
    } else {
        fault_(value, R"(gate.mode must be "off", "log" or "cut")");
    }
}

void GateKeys::on_failure(const toml::node& value) {
    const auto text = value.value<std::string>();
    if (text == "open") {
        gate_.on_failure = OnFailure::Open;
    } else if (text == "closed") {
        gate_.on_failure = OnFailure::Closed;
    } else {
        fault_(value, R"(gate.on_failure must be "open" or "closed")");
    }
}

void GateKeys::wish(std::string_view key, const toml::node& value) {
    const auto is_wanted = value.value_exact<bool>();
    if (!is_wanted) {
        fault_(value, fmt::format("{} must be true or false, without quotes", key));
        return;
    }
    if (key == "gate.redirect_dns") {
        gate_.redirect_dns = *is_wanted;
    } else if (key == "gate.reject_dot") {
        gate_.reject_dot = *is_wanted;
    } else {
        gate_.reject_doh = *is_wanted;
    }
}

std::vector<std::string> gate_contradictions(const Configuration& configuration) {
    const Configuration::Gate& gate = configuration.gate;
    std::vector<std::string> faults;
    if (gate.mode == GateMode::Off) {
        if (gate.redirect_dns || gate.reject_dot || gate.reject_doh) {
            faults.emplace_back(
                "gate.redirect_dns, gate.reject_dot and gate.reject_doh do nothing while gate.mode "
                "is \"off\"; write mode = \"log\" or mode = \"cut\", or take them away");
        }
        return faults;
    }
    const std::vector<std::string>& interfaces = interfaces_of(configuration);
    if (interfaces.empty()) {
        faults.emplace_back(
            "gate.interfaces is empty, and so is capture.interfaces; name the cards on the side of "
            "the house: interfaces = [\"br-lan\"]");
    }
    for (const std::string& name : interfaces) {
        if (!can_stand_in_rules(name)) {
            faults.push_back(
                fmt::format("gate.interfaces: '{}' cannot be written into a rule; "
                            "give the card a name of letters and digits",
                            name));
        }
    }
    if (gate.redirect_dns && dns_of(configuration.dns.listen).empty()) {
        faults.emplace_back(
            "gate.redirect_dns needs an address in dns.listen that the house can reach; only "
            "loopback stands there");
    }
    return faults;
}

GateRules gate_rules(const Configuration& configuration) {
    GateRules rules;
    rules.interfaces = interfaces_of(configuration);
    rules.on_failure = configuration.gate.on_failure;
    rules.reject_dot = configuration.gate.reject_dot;
    if (configuration.gate.redirect_dns) {
        rules.dns = dns_of(configuration.dns.listen);
    }
    return rules;
}

}  // namespace sporvakt::firmware
