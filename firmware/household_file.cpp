#include "firmware/household_file.h"

namespace sporvakt::firmware {

Result<HouseholdFile> HouseholdFile::open(const std::string& dir, store::Access access) {
    store::EnvironmentOptions options;
    options.access = access;
    options.tables = policy::HouseholdStore::tables();
    options.tables.emplace_back(devices::DeviceStore::kTableName);
    options.late_tables.emplace_back(OrderBox::kTableName);  // of the keeper alone
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

Result<void> HouseholdFile::leave_order(std::uint64_t id, const ledger::Order& order) {
    return environment_->update([&](store::WriteTransaction& transaction) {
        return order_box().leave(transaction, id, order);
    });
}

Result<std::vector<OrderBox::LeftOrder>> HouseholdFile::waiting_orders() const {
    const store::ReadTransaction transaction = SPORVAKT_TRY(environment_->begin_read());
    return order_box().waiting(transaction);
}

Result<void> HouseholdFile::answer_order(std::uint64_t id, std::string_view failure) {
    return environment_->update([&](store::WriteTransaction& transaction) {
        return order_box().answer(transaction, id, failure);
    });
}

Result<std::optional<std::string>> HouseholdFile::answer_to_order(std::uint64_t id) const {
    const store::ReadTransaction transaction = SPORVAKT_TRY(environment_->begin_read());
    return order_box().answer_to(transaction, id);
}

Result<void> HouseholdFile::take_order_away(std::uint64_t id) {
    return environment_->update([&](store::WriteTransaction& transaction) {
        return order_box().take_away(transaction, id);
    });
}

Result<void> HouseholdFile::take_order_answers_away() {
    return environment_->update([&](store::WriteTransaction& transaction) {
        return order_box().take_answers_away(transaction);
    });
}

policy::HouseholdStore HouseholdFile::household() const {
    return policy::HouseholdStore(*environment_);
}

OrderBox HouseholdFile::order_box() const {
    return OrderBox(environment_->table(OrderBox::kTableName));
}

devices::DeviceStore HouseholdFile::device_store() const {
    return devices::DeviceStore(environment_->table(devices::DeviceStore::kTableName));
}

}  // namespace sporvakt::firmware
