#include "firmware/commands/commands.h"
#include "firmware/configuration.h"
#include "firmware/lists/list_statistics.h"
#include "firmware/lists/subscribed_lists.h"
#include "firmware/roles/least_rights.h"
#include "firmware/share_folder.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

namespace sporvakt::firmware {
namespace {

struct UpdateOptions {
    std::string configuration = "/etc/sporvakt/sporvakt.toml";
    std::vector<std::string> may_shrink;
};

bool is_well(const ListStatus& status) {
    return status.outcome == ListOutcome::Taken || status.outcome == ListOutcome::Unchanged;
}

void print_status(const ListStatus& status) {
    fmt::print("{}: {} {}\n", status.id, list_outcome_text(status.outcome),
               rfc3339(status.checked_at));
    if (!status.reason.empty()) {
        fmt::print("  {}; {}\n", status.reason,
                   status.taken_at ? "the list before stays in force" : "there is none before it");
    }
    if (status.taken_at) {
        fmt::print("  in force since {}: {} rules from {} lines, {} format, {} bytes\n",
                   rfc3339(*status.taken_at), status.rules, status.lines, status.format,
                   status.bytes);
    }
}

void print_skipped(const ListStatus& status) {
    for (const SkippedKind& skipped : status.skipped) {
        fmt::print("  skipped {}: {}; first in line {}: {}\n", skipped.count, skipped.kind,
                   skipped.example_line, skipped.example);
    }
}

using Statistics = std::vector<ListStatistics>;

Result<Statistics> statistics_of(const Configuration& configuration) {
    return list_statistics(configuration.storage_dir, SPORVAKT_TRY(share_file(kBuiltInCatalogue)));
}

void print_statistics(const ListStatistics& list) {
    fmt::print("  {} names, {} of them in no other list", list.report.names, list.report.only_here);
    for (const auto& [other, names] : list.shared) {
        fmt::print("; {} also in {}", names, other);
    }
    fmt::print("\n");
    if (list.prevented) {
        fmt::print("  {} contacts prevented, of those that are kept\n", *list.prevented);
    }
}

/// A list in force that is not kept fresh: a file of the household's own, or what is built in.
void print_list(const ListStatistics& list) {
    ListStatus described;
    described.describe(list.report);
    fmt::print("{}: in force", list.report.name);
    if (list.report.lines > 0) {
        fmt::print(": {} rules from {} lines, {} format", described.rules, described.lines,
                   described.format);
    }
    fmt::print("\n");
    print_statistics(list);
    print_skipped(described);
}

/// In the order of the configuration, then the others; gives whether all that are kept fresh are
/// well.
Result<bool> print_statuses(const Configuration& configuration) {
    Statistics statistics = SPORVAKT_TRY(statistics_of(configuration));
    const auto subscriptions = SPORVAKT_TRY(subscribed_lists(configuration));
    const auto all =
        SPORVAKT_TRY(list_status_file(subscribed_folder(configuration.storage_dir)).read());
    bool all_well = true;
    for (const Subscription& subscription : subscriptions) {
        const auto known = std::find_if(all.begin(), all.end(), [&](const ListStatus& status) {
            return status.id == subscription.id;
        });
        if (known == all.end()) {
            fmt::print("{}: not looked for yet\n", subscription.id);
        } else {
            print_status(*known);
            const auto in_force = std::find_if(
                statistics.begin(), statistics.end(),
                [&](const ListStatistics& list) { return list.report.name == known->id; });
            if (in_force != statistics.end()) {
                print_statistics(*in_force);
                statistics.erase(in_force);
            }
            print_skipped(*known);
            all_well = all_well && is_well(*known);
        }
    }
    if (subscriptions.empty()) {
        fmt::print("No list is subscribed to; `sporvakt lists available` shows some.\n");
    }
    for (const ListStatistics& list : statistics) {
        print_list(list);
    }
    return all_well;
}

int failed_with(const Error& error, int code) {
    fmt::print(stderr, "sporvakt: {}\n", error.message);
    return code;
}

int show_status(const std::string& path) {
    const auto configuration = read_configuration(path);
    if (!configuration) {
        return failed_with(configuration.error(), kWrongConfiguration);
    }
    const auto shown = print_statuses(*configuration);
    return shown ? 0 : failed_with(shown.error(), kFailed);
}

Result<bool> update(const Configuration& configuration, const UpdateOptions& options) {
    SPORVAKT_TRY(keep_least_rights());
    const unsigned taken = SPORVAKT_TRY(update_subscribed(
        configuration, SystemClock(), {ListUpdater::Which::All, options.may_shrink}, {}));
    const bool all_well = SPORVAKT_TRY(print_statuses(configuration));
    if (taken > 0) {
        fmt::print("A sporvakt that is running takes them up by itself.\n");
    }
    return all_well;
}

int update_now(const UpdateOptions& options) {
    const auto configuration = read_configuration(options.configuration);
    if (!configuration) {
        return failed_with(configuration.error(), kWrongConfiguration);
    }
    const auto all_well = update(*configuration, options);
    if (!all_well) {
        return failed_with(all_well.error(), kFailed);
    }
    return *all_well ? 0 : kFailed;
}

}  // namespace

void add_subscription_commands(CLI::App& lists, int& exit_code) {
    const auto options = std::make_shared<UpdateOptions>();
    CLI::App* const status = lists.add_subcommand(
        "status", "Show what became of the lists that are kept fresh: taken, skipped, refused");
    CLI::App* const updating = lists.add_subcommand(
        "update", "Look for newer lists now; a list that would do harm is refused");
    for (CLI::App* const command : {status, updating}) {
        command->add_option("--config", options->configuration, "Its configuration")
            ->capture_default_str();
    }
    updating
        ->add_option("--may-shrink", options->may_shrink,
                     "Take this list also when it is less than half of the one before")
        ->allow_extra_args(false)
        ->type_name("ID");
    status->callback([options, &exit_code] { exit_code = show_status(options->configuration); });
    updating->callback([options, &exit_code] { exit_code = update_now(*options); });
}

}  // namespace sporvakt::firmware
