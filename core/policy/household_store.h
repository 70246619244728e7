#pragma once

#include "core/base/result.h"
#include "core/policy/policy.h"
#include "core/store/environment.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::policy {

/// What the household decided, as household.mdb keeps it: its own rules about names, and settings.
/// The devices in the same file are devices::DeviceStore's.  Thread-safe; all state is in the file.
class HouseholdStore {
public:
    /// Rules in all: each costs memory in every role.
    static constexpr std::size_t kRuleCountMax = 10'000;

    /// The tables that the environment must have been opened with, among others.
    static std::vector<std::string> tables();

    /// The environment outlives the store.
    explicit HouseholdStore(const store::Environment& environment);

    [[nodiscard]] Result<HouseholdRules> rules(const store::ReadTransaction& transaction) const;

    /// Replaces what was said about exactly this name; nothing takes it back.  `name` is in
    /// DomainName's form.
    Result<void> set_rule(store::WriteTransaction& transaction, std::string_view name,
                          std::optional<HouseholdRule> rule) const;

    /// The Argon2id hash of the password; nothing until one is set.
    [[nodiscard]] Result<std::optional<std::string>> password_hash(
        const store::ReadTransaction& transaction) const;
    Result<void> set_password_hash(store::WriteTransaction& transaction,
                                   std::string_view hash) const;

    /// Settings by name, for what comes later; values are the setting's own.
    [[nodiscard]] Result<std::optional<std::string>> setting(
        const store::ReadTransaction& transaction, std::string_view name) const;
    Result<void> set_setting(store::WriteTransaction& transaction, std::string_view name,
                             std::string_view value) const;

private:
    store::Table settings_;
    store::Table rules_;
};

}  // namespace sporvakt::policy
