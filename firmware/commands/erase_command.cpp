#include "core/ledger/ledger.h"
#include "core/ledger/ledger_file.h"
#include "firmware/commands/commands.h"
#include "firmware/commands/matrix_report.h"
#include "firmware/commands/stored_household.h"
#include "firmware/history/storage_lock.h"
#include "firmware/household_file.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

namespace sporvakt::firmware {
namespace {

using std::chrono::milliseconds;

/// How long a gateway that runs may take.  What it does not confirm in time it still does.
constexpr milliseconds kPatience{60'000};
constexpr milliseconds kStep{50};

struct EraseOptions {
    StorageOptions storage;
    std::string device;
    std::string from;
    std::string to;
    bool is_all = false;
    bool is_sure = false;
};

Result<ledger::Erasure> erasure_of(const EraseOptions& options) {
    ledger::Erasure erasure;
    if (!options.device.empty()) {
        const auto device = devices::DeviceId::from_text(options.device);
        if (!device) {
            return fail(Errc::InvalidInput, "'" + options.device + "' is not the id of a device");
        }
        erasure.device = *device;
    }
    if (!options.from.empty()) {
        erasure.from = SPORVAKT_TRY(parse_time(options.from, "--from"));
    }
    if (!options.to.empty()) {
        erasure.to = SPORVAKT_TRY(parse_time(options.to, "--to"));
    }
    if (erasure.from && erasure.to && *erasure.from >= *erasure.to) {
        return fail(Errc::InvalidInput, "--from is not before --to");
    }
    if ((erasure == ledger::Erasure{}) != options.is_all) {
        return fail(Errc::InvalidInput,
                    "say what to erase: --device, --from and --to, or --all by itself");
    }
    return erasure;
}

std::string words_of(const ledger::Erasure& erasure) {
    std::string words = erasure.device ? "contacts of " + erasure.device->text() : "all contacts";
    words += erasure.from ? " from " + rfc3339(*erasure.from) : "";
    words += erasure.to ? " until " + rfc3339(*erasure.to) : "";
    return words;
}

/// Contacts on the disk that begin in the time as it was typed: the least that goes.
Result<std::uint64_t> stored_contacts(const StoredHousehold& household,
                                      const ledger::Erasure& erasure) {
    const StoredLedger stored = SPORVAKT_TRY(StoredLedger::open(household));
    ledger::Filter filter;
    filter.device = erasure.device;
    filter.from = erasure.from.value_or(Timestamp{});
    filter.to = erasure.to.value_or(SystemClock().now() + std::chrono::hours(24));
    const ledger::Totals totals = SPORVAKT_TRY(stored.reports().totals(filter));
    return totals.prevented + totals.leaked;
}

bool is_confirmed(const EraseOptions& options) {
    if (options.is_sure) {
        return true;
    }
    fmt::print("They cannot be brought back. Type yes to erase them: ");
    static_cast<void>(std::fflush(stdout));
    std::string typed;
    std::getline(std::cin, typed);
    return typed == "yes";
}

/// A ledger that takes out what is erased and nothing for its age: how long the household keeps
/// what is the gateway's to know.
ledger::Ledger::Options keeping_all_else(Timestamp now) {
    const auto ever = std::chrono::floor<std::chrono::hours>(now.time_since_epoch());
    ledger::Ledger::Options options;
    options.retention.detailed = ever;
    options.retention.summed = ever;
    options.retention.bytes_max = std::numeric_limits<std::size_t>::max();
    return options;
}

/// No gateway runs: we are the keeper.
Result<void> erase_here(const std::string& dir, const ledger::Erasure& erasure) {
    auto file =
        SPORVAKT_TRY(ledger::open_ledger_file(dir + "/ledger.mdb", store::Access::ReadWrite));
    const Timestamp now = SystemClock().now();
    const auto ledger = SPORVAKT_TRY(ledger::Ledger::open(std::move(file), keeping_all_else(now)));
    return ledger->erase(erasure, now);
}

Result<void> have_erased(const std::string& dir, const ledger::Erasure& erasure) {
    HouseholdFile file = SPORVAKT_TRY(HouseholdFile::open(dir, store::Access::ReadWrite));
    std::random_device random;
    const std::uint64_t id = (std::uint64_t{random()} << 32U) | random();
    SPORVAKT_TRY(file.leave_order(id, ledger::EraseHistory{erasure}));
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < until) {
        const auto answer = SPORVAKT_TRY(file.answer_to_order(id));
        if (answer) {
            SPORVAKT_TRY(file.take_order_away(id));
            return answer->empty() ? Result<void>() : fail(Errc::Storage, *answer);
        }
        std::this_thread::sleep_for(kStep);
    }
    return fail(Errc::Unavailable,
                "the gateway has not confirmed it yet, and will do it as soon as it can");
}

Result<void> erase(const StoredHousehold& household, const ledger::Erasure& erasure) {
    const auto lock = SPORVAKT_TRY(StorageLock::take(household.dir, milliseconds(0)));
    return lock ? erase_here(household.dir, erasure) : have_erased(household.dir, erasure);
}

int failed_with(const Error& error) {
    fmt::print(stderr, "sporvakt: {}\n", error.message);
    return error.code == Errc::InvalidInput ? kWrongUsage : kFailed;
}

int erase_command(const EraseOptions& options) {
    const auto erasure = erasure_of(options);
    if (!erasure) {
        return failed_with(erasure.error());
    }
    const auto household = stored_household(options.storage);
    if (!household) {
        (void)failed_with(household.error());
        return kWrongConfiguration;
    }
    const auto count = stored_contacts(*household, *erasure);
    if (!count) {
        return failed_with(count.error());
    }
    fmt::print("{}: {} are stored.\n", words_of(*erasure), *count);
    if (!is_confirmed(options)) {
        fmt::print("\nNothing was erased.\n");
        return kFailed;
    }
    const auto done = erase(*household, *erasure);
    if (!done) {
        return failed_with(done.error());
    }
    fmt::print("Erased: {}.\n", words_of(*erasure));
    return 0;
}

}  // namespace

void add_erase_command(CLI::App& app, int& exit_code) {
    auto* const command =
        app.add_subcommand("erase", "Erase contacts for good, also beside a gateway that runs");
    const auto options = std::make_shared<EraseOptions>();
    command->add_option("--device", options->device, "Of this one: its MAC or IP address");
    command->add_option("--from", options->from, "Date or RFC 3339 time: the hour it is in, on");
    command->add_option("--to", options->to, "Date or RFC 3339 time: up to the end of its hour");
    command->add_flag("--all", options->is_all, "All contacts of all devices");
    command->add_flag("--yes", options->is_sure, "Do not ask");
    add_storage_options(*command, options->storage);
    command->callback([options, &exit_code] { exit_code = erase_command(*options); });
}

}  // namespace sporvakt::firmware
