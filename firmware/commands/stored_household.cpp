#include "firmware/commands/stored_household.h"

#include "core/devices/device_store.h"
#include "core/ledger/ledger.h"
#include "core/ledger/ledger_file.h"
#include "firmware/configuration.h"
#include "firmware/list_plan.h"
#include "firmware/own_addresses.h"
#include "firmware/share_folder.h"

#include <filesystem>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

namespace sporvakt::firmware {

void add_storage_options(CLI::App& command, StorageOptions& options) {
    command.add_option("--config", options.configuration, "The gateway's configuration")
        ->capture_default_str();
    command.add_option("--dir", options.dir, "The storage directory, instead of --config");
}

Result<StoredHousehold> stored_household(const StorageOptions& options) {
    if (!options.dir.empty()) {
        return StoredHousehold{options.dir, {}};
    }
    Configuration configuration = SPORVAKT_TRY(read_configuration(options.configuration));
    return StoredHousehold{std::move(configuration.storage_dir),
                           std::move(configuration.list_files)};
}

Result<HouseholdFile> household_file(const std::string& dir, store::Access access) {
    if (!std::filesystem::exists(dir + "/household.mdb")) {
        return fail(Errc::NotFound,
                    dir + " holds no household yet; start sporvakt there once, then try again");
    }
    return HouseholdFile::open(dir, access);
}

Result<std::unique_ptr<policy::Policy>> policy_in_force(const StoredHousehold& household) {
    const HouseholdFile file = SPORVAKT_TRY(household_file(household.dir, store::Access::ReadOnly));
    const auto devices = SPORVAKT_TRY(file.devices());
    const auto networks = interface_networks();
    const ListPlan lists(household.dir, SPORVAKT_TRY(share_file(kBuiltInCatalogue)));
    return std::make_unique<policy::Policy>(
        lists.catalogues(), SPORVAKT_TRY(file.rules()),
        policy::Circumstances{SystemClock().now(), devices, networks});
}

policy::Policy policy_of(const StoredHousehold& household) {
    std::vector<std::string> paths;
    if (auto built_in = share_file(kBuiltInCatalogue)) {
        paths.push_back(std::move(*built_in));
    }
    for (const std::string& file : household.catalogue_files) {
        if (file.ends_with(".mdb")) {
            paths.push_back(file);
        }
    }
    std::vector<std::shared_ptr<const trackers::Catalogue>> catalogues;
    for (const std::string& path : paths) {
        if (auto catalogue = trackers::Catalogue::open(path)) {
            catalogues.push_back(std::move(*catalogue));
        } else {
            fmt::print(stderr, "{}; going on without it\n", catalogue.error().message);
        }
    }
    return {std::move(catalogues), {}};
}

Result<devices::DeviceTable> devices_of(const StoredHousehold& household) {
    store::EnvironmentOptions options;
    options.tables.emplace_back(devices::DeviceStore::kTableName);
    const auto file =
        SPORVAKT_TRY(store::Environment::open(household.dir + "/household.mdb", options));
    const store::ReadTransaction transaction = SPORVAKT_TRY(file->begin_read());
    const devices::DeviceStore store(file->table(devices::DeviceStore::kTableName));
    return devices::DeviceTable(SPORVAKT_TRY(store.load(transaction)));
}

Result<StoredLedger> StoredLedger::open(const StoredHousehold& household) {
    auto file = SPORVAKT_TRY(
        ledger::open_ledger_file(household.dir + "/ledger.mdb", store::Access::ReadOnly));
    auto rows = std::make_unique<ledger::LiveRows>();
    SPORVAKT_TRY(ledger::read_journal(file, *rows));
    auto reports = std::make_unique<ledger::StoredReports>(std::move(file), *rows);
    return StoredLedger(std::move(rows), std::move(reports));
}

}  // namespace sporvakt::firmware
