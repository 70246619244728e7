#pragma once

#include "core/base/result.h"
#include "core/devices/device_table.h"
#include "core/ledger/live_rows.h"
#include "core/ledger/stored_reports.h"
#include "core/policy/policy.h"
#include "firmware/household_file.h"

#include <memory>
#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11 calls itself so
class App;
}

namespace sporvakt::firmware {

/// What a command about the stored data is told on its line.
struct StorageOptions {
    std::string configuration = "/etc/sporvakt/sporvakt.toml";
    std::string dir;  ///< Instead of the configuration's.
};

/// --config and --dir.  `options` outlives the parse.
void add_storage_options(CLI::App& command, StorageOptions& options);

/// Where the data lies and what else names companies, besides the built-in catalogue.
struct StoredHousehold {
    std::string dir;
    std::vector<std::string> catalogue_files;
};

/// An error is the configuration's.
Result<StoredHousehold> stored_household(const StorageOptions& options);

/// The household's own file in the storage directory `dir`.  Says so where none is there yet.
Result<HouseholdFile> household_file(const std::string& dir, store::Access access);

/// What the gateway judges by at this moment: the household's rules, groups and pauses, the lists
/// in force, its devices and this machine's networks.
Result<std::unique_ptr<policy::Policy>> policy_in_force(const StoredHousehold& household);

/// Only for companies' names: what cannot be read is told on standard error and left out.
policy::Policy policy_of(const StoredHousehold& household);

Result<devices::DeviceTable> devices_of(const StoredHousehold& household);

/// The ledger as it is on disk: up to half a minute behind the page while the gateway runs.
class StoredLedger {
public:
    static Result<StoredLedger> open(const StoredHousehold& household);

    [[nodiscard]] const ledger::Reports& reports() const { return *reports_; }

private:
    StoredLedger(std::unique_ptr<ledger::LiveRows> rows,
                 std::unique_ptr<ledger::StoredReports> reports)
        : rows_(std::move(rows)), reports_(std::move(reports)) {}

    std::unique_ptr<ledger::LiveRows> rows_;  ///< Of the journal.  Outlives the reports.
    std::unique_ptr<ledger::StoredReports> reports_;
};

}  // namespace sporvakt::firmware
