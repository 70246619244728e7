#pragma once

#include "firmware/configuration.h"

#include <functional>
#include <string_view>

#include <toml++/toml.h>

namespace sporvakt::firmware {

/// The keys of `[ledger]`, each checked by itself.
class LedgerKeys {
public:
    using Fault = std::function<void(const toml::node& at, std::string_view what)>;

    LedgerKeys(Configuration::Ledger& ledger, Fault fault)
        : ledger_(ledger), fault_(std::move(fault)) {}

    /// `key` with its section: "ledger.keeps".
    void read(std::string_view key, const toml::node& value);

private:
    void days(std::string_view key, const toml::node& value);

    Configuration::Ledger& ledger_;
    Fault fault_;
};

}  // namespace sporvakt::firmware
