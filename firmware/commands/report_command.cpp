#include "firmware/commands/commands.h"
#include "firmware/commands/matrix_report.h"
#include "firmware/commands/stored_household.h"

#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

namespace sporvakt::firmware {
namespace {

struct ReportOptions {
    StorageOptions storage;
    std::string from;
    std::string to;
    std::string format = "csv";
};

Result<std::string> report_text(const StoredHousehold& household, const ReportOptions& options,
                                const ReportPeriod& period) {
    const StoredLedger stored = SPORVAKT_TRY(StoredLedger::open(household));
    ledger::Filter filter;
    filter.from = period.from;
    filter.to = period.to;
    const devices::DeviceTable devices = SPORVAKT_TRY(devices_of(household));
    const policy::Policy policy = policy_of(household);
    auto cells = SPORVAKT_TRY(stored.reports().matrix(filter));
    const MatrixReport report{period, std::move(cells), devices, policy};
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
    const auto household = stored_household(options.storage);
    if (!household) {
        return failed_with(household.error(), kWrongConfiguration);
    }
    const auto text = report_text(*household, options, *period);
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
    add_storage_options(*command, options->storage);
    command->callback([options, &exit_code] { exit_code = report(*options); });
}

}  // namespace sporvakt::firmware
