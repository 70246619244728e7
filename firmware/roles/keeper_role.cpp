#include "firmware/roles/keeper_role.h"

#include "core/base/log.h"
#include "core/devices/vendor_prefixes.h"
#include "core/ledger/ledger_file.h"

#include <string_view>
#include <utility>

#include <fmt/core.h>

namespace sporvakt::firmware {
namespace {

constexpr int kStorageFailed = 74;                            // sysexits(3): EX_IOERR
constexpr std::string_view kDemonstration = "demonstration";  // the setting's name

std::shared_ptr<const devices::VendorPrefixes> open_vendors(const std::string& path) {
    auto vendors = devices::VendorPrefixes::open(path);
    if (!vendors) {
        log::warning(vendors.error().message + "; devices are shown without their makers");
        return nullptr;
    }
    return std::move(*vendors);
}

// Made-up contacts must never get among a household's own, nor the other way round.
Result<void> claim(HouseholdFile& household, const Configuration& configuration) {
    const std::string kind = configuration.demonstration ? "yes" : "no";
    return household.change([&](HouseholdFile::Tables tables) -> Result<void> {
        const auto stored =
            SPORVAKT_TRY(tables.household.setting(tables.transaction, kDemonstration));
        if (stored.value_or(kind) != kind) {
            return fail(Errc::Storage,
                        fmt::format("{} belongs to {}; choose another storage directory",
                                    configuration.storage_dir,
                                    *stored == "yes" ? "a demonstration" : "a household"));
        }
        return tables.household.set_setting(tables.transaction, kDemonstration, kind);
    });
}

Result<void> keep(KeeperRole role, const std::stop_token& stop) {
    const RoleGround& ground = role.ground;
    const std::string& dir = ground.configuration.storage_dir;
    auto household = SPORVAKT_TRY(HouseholdFile::open(dir, store::Access::ReadWrite));
    SPORVAKT_TRY(claim(household, ground.configuration));
    auto file =
        SPORVAKT_TRY(ledger::open_ledger_file(dir + "/ledger.mdb", store::Access::ReadWrite));
    ledger::Ledger::Options options;
    options.level = ground.configuration.ledger.level;
    options.retention.detailed = ground.configuration.ledger.detailed;
    options.retention.summed = ground.configuration.ledger.summed;
    const auto ledger = SPORVAKT_TRY(ledger::Ledger::open(std::move(file), options));
    DeviceBook devices{devices::Registry(open_vendors(role.vendor_prefixes))};
    SPORVAKT_TRY(devices.load(household));

    Keeper keeper({*ledger, household, devices, ground.shared, ground.clock}, std::move(role.lines),
                  role.settings);
    log::info(fmt::format("ready: keeps the ledger in {}", dir));
    return keeper.run(stop);
}

}  // namespace

int run_keeper_role(KeeperRole role, const std::stop_token& stop) {
    const auto kept = keep(std::move(role), stop);
    if (!kept) {
        log::error(kept.error().message);
    }
    return kept ? 0 : kStorageFailed;
}

}  // namespace sporvakt::firmware
