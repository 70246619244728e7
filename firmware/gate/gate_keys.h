#pragma once

#include "firmware/configuration.h"
#include "firmware/gate/gate_rules.h"

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <toml++/toml.h>

namespace sporvakt::firmware {

/// Reads the keys of `[gate]` but `interfaces`.
class GateKeys {
public:
    /// Told what is wrong with the value at a place of the document.
    using Fault = std::function<void(const toml::node&, std::string_view)>;

    /// `gate` gets what is read, and outlives this.
    GateKeys(Configuration::Gate& gate, Fault fault) : gate_(gate), fault_(std::move(fault)) {}

    /// `key` is one of these, as in faults: "gate.mode".
    void read(std::string_view key, const toml::node& value);

private:
    void mode(const toml::node& value);
    void on_failure(const toml::node& value);
    void wish(std::string_view key, const toml::node& value);

    Configuration::Gate& gate_;
    Fault fault_;
};

/// What is wrong with the section beside the rest of the configuration: a fault's sentence each.
/// Nothing is while the gate is off.
std::vector<std::string> gate_contradictions(const Configuration& configuration);

/// The rules that the configuration wants.
GateRules gate_rules(const Configuration& configuration);

}  // namespace sporvakt::firmware
