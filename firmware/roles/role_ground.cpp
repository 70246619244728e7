#include "firmware/roles/role_ground.h"

#include "firmware/list_plan.h"
#include "firmware/own_addresses.h"

#include <random>
#include <utility>

namespace sporvakt::firmware {

Result<policy::HouseholdRules> HouseholdReader::rules() {
    return SPORVAKT_TRY(file())->rules();
}

Result<std::vector<devices::Device>> HouseholdReader::devices() {
    return SPORVAKT_TRY(file())->devices();
}

Result<std::optional<std::string>> HouseholdReader::password_hash() {
    return SPORVAKT_TRY(file())->password_hash();
}

Result<HouseholdFile*> HouseholdReader::file() {
    const std::lock_guard lock(mutex_);
    if (!file_) {
        file_.emplace(SPORVAKT_TRY(HouseholdFile::open(dir_, store::Access::ReadOnly)));
    }
    return &*file_;
}

HouseholdView::Sources sources_of(const RoleGround& ground, HouseholdReader& reader) {
    const ListPlan plan(ground.configuration.storage_dir, ground.built_in_catalogue);
    return {[plan] { return plan.catalogues(); }, [&reader] { return reader.rules(); },
            [&reader] { return reader.devices(); }, [] { return SystemClock().now(); },
            interface_networks};
}

std::uint64_t random_number() {
    std::random_device device;
    std::uniform_int_distribution<std::uint64_t> any(1);
    return any(device);
}

}  // namespace sporvakt::firmware
