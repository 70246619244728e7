#include "core/base/whole_file.h"
#include "core/policy/household_change.h"
#include "core/policy/household_difference.h"
#include "core/policy/presets.h"
#include "firmware/commands/commands.h"
#include "firmware/commands/stored_household.h"
#include "webui/server/changes/policy_file.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

namespace sporvakt::firmware {
namespace {

/// A household within its limits is far smaller.
constexpr std::size_t kFileBytesMax = std::size_t{16} << 20U;

enum class Making : std::uint8_t { Changes, NoChanges };

struct PolicyOptions {
    StorageOptions storage;
    std::string file;
    std::string preset;
    bool is_dry_run = false;
};

int failed_with(const Error& error) {
    fmt::print(stderr, "sporvakt: {}\n", error.message);
    return error.code == Errc::InvalidInput ? kWrongUsage : kFailed;
}

Result<std::string> exported(const std::string& dir) {
    const HouseholdFile file = SPORVAKT_TRY(household_file(dir, store::Access::ReadOnly));
    return webui::policy_file(SPORVAKT_TRY(file.rules()));
}

Result<policy::HouseholdRules> household_from(const std::string& path) {
    const std::string text = SPORVAKT_TRY(read_whole_file(path, kFileBytesMax));
    auto household = webui::household_from_file(text);
    if (!household) {
        const webui::Fault& wrong = household.error();
        return fail(Errc::InvalidInput,
                    fmt::format("{}: {}{}{}", path, wrong.parameter,
                                wrong.parameter.empty() ? "" : ": ", wrong.detail));
    }
    return *household;
}

/// Pauses are of the moment: those that are going on go on.
Result<void> import(const std::string& dir, const std::string& path, Making making) {
    policy::HouseholdRules household = SPORVAKT_TRY(household_from(path));
    HouseholdFile file = SPORVAKT_TRY(household_file(
        dir, making == Making::Changes ? store::Access::ReadWrite : store::Access::ReadOnly));
    const policy::HouseholdRules before = SPORVAKT_TRY(file.rules());
    household.pauses = before.pauses;
    const auto differences = policy::differences(before, household);
    for (const policy::Difference& difference : differences) {
        fmt::print("{}\n", policy::line_of(difference));
    }
    if (making == Making::Changes && !differences.empty()) {
        SPORVAKT_TRY(file.change(policy::replacing_by(household)));
    }
    fmt::print("{} {}.\n", differences.size(),
               making == Making::Changes ? "changes made" : "changes would be made");
    return {};
}

Result<void> print_preset(std::string_view id) {
    const auto all = policy::presets();
    if (id.empty()) {
        for (const policy::Preset& preset : all) {
            fmt::print("{:<13} {}\n", preset.group.id, preset.about_english);
        }
        return {};
    }
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const policy::Preset& one) { return one.group.id == id; });
    if (found == all.end()) {
        return fail(Errc::InvalidInput, fmt::format("there is no preset '{}'; `sporvakt policy "
                                                    "presets` shows them",
                                                    id));
    }
    policy::HouseholdRules household;
    household.groups.push_back(found->group);
    fmt::print("{}", webui::policy_file(household));
    return {};
}

/// Runs `work` in the storage directory.
template <class Work>
int in_storage(const PolicyOptions& options, Work work) {
    const auto household = stored_household(options.storage);
    if (!household) {
        (void)failed_with(household.error());
        return kWrongConfiguration;
    }
    const Result<void> done = work(household->dir);
    return done ? 0 : failed_with(done.error());
}

int export_to(const PolicyOptions& options) {
    return in_storage(options, [&](const std::string& dir) -> Result<void> {
        const std::string text = SPORVAKT_TRY(exported(dir));
        if (!options.file.empty()) {
            return replace_file(options.file, text);
        }
        fmt::print("{}", text);
        return {};
    });
}

int import_from(const PolicyOptions& options) {
    return in_storage(options, [&](const std::string& dir) {
        return import(dir, options.file, options.is_dry_run ? Making::NoChanges : Making::Changes);
    });
}

}  // namespace

void add_policy_command(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<PolicyOptions>();
    CLI::App* const policy =
        app.add_subcommand("policy", "Take out, take over and look at what the household decided");
    policy->require_subcommand(1);
    CLI::App* const exporting =
        policy->add_subcommand("export", "Print rules and groups as one TOML file");
    exporting->add_option("--out", options->file, "Write there instead");
    exporting->callback([options, &exit_code] { exit_code = export_to(*options); });
    CLI::App* const importing = policy->add_subcommand(
        "import", "Put a file's rules and groups in the place of those of now");
    importing->add_option("file", options->file, "As `export` writes it")->required();
    importing->add_flag("--dry-run", options->is_dry_run, "Only say what would change");
    importing->callback([options, &exit_code] { exit_code = import_from(*options); });
    for (CLI::App* const command : {exporting, importing}) {
        add_storage_options(*command, options->storage);
    }
    CLI::App* const presets = policy->add_subcommand(
        "presets", "Show groups to begin with: for a family, a class, a kiosk");
    presets->add_option("id", options->preset, "Print this one as a file to import");
    presets->callback([options, &exit_code] {
        const auto done = print_preset(options->preset);
        exit_code = done ? 0 : failed_with(done.error());
    });
}

}  // namespace sporvakt::firmware
