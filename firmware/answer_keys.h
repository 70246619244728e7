#pragma once

#include "firmware/configuration.h"

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include <toml++/toml.h>

namespace sporvakt::firmware {

/// Reads the keys of `[dns]` that say what answers look like.
class AnswerKeys {
public:
    /// Told what is wrong with the value at a place of the document.
    using Fault = std::function<void(const toml::node&, std::string_view)>;

    /// `dns` gets what is read, and outlives this.
    AnswerKeys(Configuration::Dns& dns, Fault fault) : dns_(dns), fault_(std::move(fault)) {}

    /// `key` is one of these, as in faults: "dns.blocking".
    void read(std::string_view key, const toml::node& value);

private:
    void blocking(const toml::node& value);
    void blocking_addresses(const toml::array& entries);
    bool blocking_address(const toml::node& value);
    void blocking_ttl(const toml::node& value);
    void canary_names(const toml::node& value);
    void strip_ech(const toml::node& value);
    void local_domain(const toml::node& value);
    void records(const toml::node& value);
    void record(const toml::table& entry);
    void record_addresses(const toml::node& value, dns::HouseholdRecord& record);
    [[nodiscard]] bool leads_in_circles(const dns::HouseholdRecord& from) const;
    std::string name_of(std::string_view key, const toml::node& value);

    Configuration::Dns& dns_;
    Fault fault_;
};

}  // namespace sporvakt::firmware
