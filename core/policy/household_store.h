#pragma once

#include "core/base/result.h"
#include "core/policy/household.h"
#include "core/policy/household_change.h"
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
    /// The tables that the environment must have been opened with, among others.
    static std::vector<std::string> tables();

    /// The environment outlives the store.
    explicit HouseholdStore(const store::Environment& environment);

    [[nodiscard]] Result<HouseholdRules> rules(const store::ReadTransaction& transaction) const;

    /// Makes the change.  An error in words for the owner when it makes no sense, when there is no
    /// room for more, and when its group is not there.
    Result<void> change(store::WriteTransaction& transaction, const HouseholdChange& change) const;

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
    class Changer;

    store::Table settings_;
    store::Table rules_;
    store::Table groups_;
    store::Table pauses_;
};

}  // namespace sporvakt::policy
