#include "core/devices/device_store.h"
#include "core/ledger/ledger.h"
#include "core/ledger/ledger_file.h"
#include "core/ledger/live_rows.h"
#include "core/ledger/stored_reports.h"
#include "firmware/commands/commands.h"
#include "firmware/commands/matrix_report.h"
#include "firmware/configuration.h"
#include "firmware/share_folder.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

namespace sporvakt::firmware {
namespace {

constexpr int kFailed = 1;
constexpr int kWrongUsage = 64;          // sysexits(3): EX_USAGE
constexpr int kWrongConfiguration = 78;  // sysexits(3): EX_CONFIG

struct ReportOptions {
    std::string configuration = "/etc/sporvakt/sporvakt.toml";
    std::string dir;  ///< Instead of the configuration's.
    std::string from;
    std::string to;
    std::string format = "csv";
};

/// Where the data lies and what else names companies, besides the built-in catalogue.
struct Sources {
    std::string dir;
    std::vector<std::string> catalogue_files;
};

Result<Sources> sources_of(const ReportOptions& options) {
    if (!options.dir.empty()) {
        return Sources{options.dir, {}};
    }
    Configuration configuration = SPORVAKT_TRY(read_configuration(options.configuration));
    return Sources{std::move(configuration.storage_dir), std::move(configuration.list_files)};
}

/// Only for the companies' names: without a catalogue the report has their numbers.
policy::Policy policy_of(const Sources& sources) {
    std::vector<std::string> paths;
    if (auto built_in = share_file(kBuiltInCatalogue)) {
        paths.push_back(std::move(*built_in));
    }
    for (const std::string& file : sources.catalogue_files) {
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

Result<devices::DeviceTable> devices_in(const std::string& dir) {
    store::EnvironmentOptions options;
    options.tables.emplace_back(devices::DeviceStore::kTableName);
    const auto file = SPORVAKT_TRY(store::Environment::open(dir + "/household.mdb", options));
    const store::ReadTransaction transaction = SPORVAKT_TRY(file->begin_read());
    const devices::DeviceStore store(file->table(devices::DeviceStore::kTableName));
    return devices::DeviceTable(SPORVAKT_TRY(store.load(transaction)));
}

/// What is on disk: up to half a minute behind the page while the gateway runs.
Result<std::string> report_text(const Sources& sources, const ReportOptions& options,
                                const ReportPeriod& period) {
    auto file = SPORVAKT_TRY(
        ledger::open_ledger_file(sources.dir + "/ledger.mdb", store::Access::ReadOnly));
    ledger::LiveRows rows;
    SPORVAKT_TRY(ledger::read_journal(file, rows));
    const ledger::StoredReports reports(std::move(file), rows);
    ledger::Filter filter;
    filter.from = period.from;
    filter.to = period.to;
    const devices::DeviceTable devices = SPORVAKT_TRY(devices_in(sources.dir));
    const policy::Policy policy = policy_of(sources);
    const MatrixReport report{period, SPORVAKT_TRY(reports.matrix(filter)), devices, policy};
    return options.format == "json" ? json_of(report) : csv_of(report);
}

int failed_with(const Error& error, int code) {
    fmt::print(stderr, "{}\n", error.message);
    return code;
}

int report(const ReportOptions& options) {
    const auto period = parse_period(options.from, options.to, SystemClock().now());
    if (!period) {
        return failed_with(period.error(), kWrongUsage);
    }
    const auto sources = sources_of(options);
    if (!sources) {
        return failed_with(sources.error(), kWrongConfiguration);
    }
    const auto text = report_text(*sources, options, *period);
    if (!text) {
        return failed_with(text.error(), kFailed);
    }
    fmt::print("{}", *text);
    return 0;
}

}  // namespace

void add_report_command(CLI::App& app, int& exit_code) {
    auto* const command =
        app.add_subcommand("report", "Print which device met which company, and how often");
    const auto options = std::make_shared<ReportOptions>();
    command->add_option("--from", options->from, "Date or RFC 3339 time; else a day before --to");
    command->add_option("--to", options->to, "Date or RFC 3339 time, not included; else now");
    command->add_option("--format", options->format, "csv or json")
        ->check(CLI::IsMember({"csv", "json"}))
        ->capture_default_str();
    command->add_option("--config", options->configuration, "The gateway's configuration")
        ->capture_default_str();
    command->add_option("--dir", options->dir, "The storage directory, instead of --config");
    command->callback([options, &exit_code] { exit_code = report(*options); });
}

}  // namespace sporvakt::firmware
