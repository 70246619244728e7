#include "firmware/household_file.h"

namespace sporvakt::firmware {

Result<HouseholdFile> HouseholdFile::open(const std::string& dir, store::Access access) {
    store::EnvironmentOptions options;
    options.access = access;
    options.tables = policy::HouseholdStore::tables();
    options.tables.emplace_back(devices::DeviceStore::kTableName);
    return HouseholdFile(SPORVAKT_TRY(store::Environment::open(dir + "/household.mdb", options)));
}

Result<policy::HouseholdRules> HouseholdFile::rules() const {
    const store::ReadTransaction transaction = SPORVAKT_TRY(environment_->begin_read());
    return household().rules(transaction);
}

Result<std::vector<devices::Device>> HouseholdFile::devices() const {
    const store::ReadTransaction transaction = SPORVAKT_TRY(environment_->begin_read());
    return device_store().load(transaction);
}

Result<std::optional<std::string>> HouseholdFile::password_hash() const {
    const store::ReadTransaction transaction = SPORVAKT_TRY(environment_->begin_read());
    return household().password_hash(transaction);
}

Result<void> HouseholdFile::change(const std::function<Result<void>(Tables)>& work) {
    return environment_->update([&](store::WriteTransaction& transaction) {
        return work({transaction, household(), device_store()});
    });
}

Result<void> HouseholdFile::change(std::span<const policy::HouseholdChange> changes) {
    return change([&](Tables tables) -> Result<void> {
        for (const policy::HouseholdChange& one : changes) {
            SPORVAKT_TRY(tables.household.change(tables.transaction, one));
        }
        return {};
    });
}

policy::HouseholdStore HouseholdFile::household() const {
    return policy::HouseholdStore(*environment_);
}

devices::DeviceStore HouseholdFile::device_store() const {
    return devices::DeviceStore(environment_->table(devices::DeviceStore::kTableName));
}

}  // namespace sporvakt::firmware
