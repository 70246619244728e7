#include "firmware/commands/stored_household.h"

#include "core/devices/device_store.h"
#include "core/ledger/ledger.h"
#include "core/ledger/ledger_file.h"
#include "firmware/configuration.h"
#include "firmware/share_folder.h"

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
