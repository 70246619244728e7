#include "core/base/ascii.h"
#include "core/base/clock.h"
#include "core/base/domain_name.h"
#include "core/knowledge/sensitive_sites.h"
#include "core/policy/explanation.h"
#include "core/policy/policy.h"
#include "core/trackers/list_compiler.h"
#include "core/trackers/rule_name.h"
#include "firmware/commands/commands.h"
#include "firmware/commands/stored_household.h"
#include "firmware/share_folder.h"
#include "firmware/temporary_catalogue.h"

#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace sporvakt::firmware {
namespace {

struct CheckOptions {
    std::vector<std::string> names;
    std::vector<std::string> lists;
    std::string type = "A";
    std::string device;
    StorageOptions storage;
    bool is_by_household = false;
    bool says_why = false;
    bool json = false;
};

using Catalogues = std::vector<std::shared_ptr<const trackers::Catalogue>>;

Result<std::unique_ptr<policy::Policy>> policy_for(const CheckOptions& options) {
    if (options.is_by_household || !options.device.empty()) {
        return policy_in_force(SPORVAKT_TRY(stored_household(options.storage)));
    }
    if (options.lists.empty()) {
        const std::string path = SPORVAKT_TRY(share_file(kBuiltInCatalogue));
        return std::make_unique<policy::Policy>(
            Catalogues{SPORVAKT_TRY(trackers::Catalogue::open(path))}, policy::HouseholdRules{});
    }
    return std::make_unique<policy::Policy>(
        Catalogues{SPORVAKT_TRY(temporary_catalogue(options.lists))}, policy::HouseholdRules{});
}

/// Nobody's where none is named: judged as everybody is.
Result<devices::DeviceId> device_of(const CheckOptions& options) {
    if (options.device.empty()) {
        return devices::DeviceId{};
    }
    if (const auto id = devices::DeviceId::from_text(options.device)) {
        return *id;
    }
    return fail(Errc::InvalidInput,
                "'" + options.device + "' is not the id of a device: its MAC or IP address");
}

/// Judges names one after the other and prints a line for each.
class Checker {
public:
    Checker(std::unique_ptr<policy::Policy> policy, knowledge::SensitiveSites sites,
            const devices::DeviceId& device, const CheckOptions& options)
        : policy_(std::move(policy)),
          sites_(std::move(sites)),
          device_(device),
          options_(options) {}

    void check(const std::string& written, const std::string& written_type) const {
        const auto type = record_type_from_text(written_type);
        if (!type) {
            print_failure(written, "'" + written_type + "' is not a record type");
            return;
        }
        // As typed, or as a browser shows it: rule names are A-labels.
        auto name = DomainName::from_text(trackers::to_a_labels(written));
        if (!name) {
            print_failure(written, "not a domain name");
            return;
        }
        print_verdict(name->text(), *type);
    }

private:
    void print_failure(const std::string& name, const std::string& why) const {
        if (options_.json) {
            const nlohmann::ordered_json line{{"name", name}, {"error", why}};
            fmt::print("{}\n", text_of(line));
        } else {
            fmt::print("{}: error: {}\n", name, why);
        }
    }

    void print_verdict(const std::string& name, RecordType type) const {
        const policy::Question question{device_, name, type};
        const policy::Verdict verdict = policy_->judge(question);
        if (options_.json) {
            fmt::print("{}\n", text_of(json_of(question, verdict)));
            return;
        }
        print_line(question, verdict);
        if (options_.says_why) {
            const policy::Explanation words = policy::explain(verdict, question, *policy_);
            fmt::print("    {}\n    To change it: {}\n", words.because, words.to_change);
        }
    }

    [[nodiscard]] nlohmann::ordered_json json_of(const policy::Question& question,
                                                 const policy::Verdict& verdict) const {
        const auto company = policy_->company(verdict.company);
        const bool is_of_purpose = verdict.purpose != trackers::Purpose::Unknown;
        nlohmann::ordered_json line{
            {"name", question.name},
            {"type", record_type_text(question.type)},
            {"verdict", verdict.is_blocked() ? "block" : "allow"},
            {"rule", text_or_null(verdict.rule)},
            {"list", text_or_null(verdict.list)},
            {"lists", policy::agreeing_lists(verdict, question, *policy_)},
            {"company", text_or_null(company ? company->name : std::string_view{})},
            {"purpose", text_or_null(is_of_purpose ? trackers::purpose_info(verdict.purpose).id
                                                   : std::string_view{})},
            {"evasion", text_or_null(trackers::evasion_id(verdict.evasion))},
            {"sensitive", sensitive_json(question.name)}};
        if (options_.says_why) {
            const policy::Explanation words = policy::explain(verdict, question, *policy_);
            line["group"] = text_or_null(verdict.group);
            line["reason"] = policy::reason_id(verdict.reason);
            line["because"] = words.because;
            line["to_change"] = words.to_change;
        }
        return line;
    }

    void print_line(const policy::Question& question, const policy::Verdict& verdict) const {
        const auto company = policy_->company(verdict.company);
        const trackers::PurposeInfo& purpose = trackers::purpose_info(verdict.purpose);
        fmt::print("{} {}: {}", question.name, record_type_text(question.type),
                   verdict.is_blocked() ? "block" : "allow");
        if (!verdict.list.empty()) {
            fmt::print(", rule {} of {}", verdict.rule, verdict.list);
            print_others(policy::agreeing_lists(verdict, question, *policy_), verdict.list);
        } else if (verdict.is_by_household()) {
            fmt::print(", by the household");
        } else if (verdict.reason == policy::Reason::Paused) {
            fmt::print(", paused");
        }
        if (company) {
            fmt::print(", {} ({})", company->name, purpose.label_english);
        } else if (verdict.purpose != trackers::Purpose::Unknown) {
            fmt::print(", {}", purpose.label_english);
        }
        if (verdict.evasion != trackers::Evasion::None) {
            fmt::print("; {}", trackers::evasion_text(verdict.evasion));
        }
        fmt::print("{}\n", sensitive_text(question.name));
    }

    /// What a visit may reveal; of the site, not of anybody.
    [[nodiscard]] std::string sensitive_text(std::string_view name) const {
        if (const auto site = sites_.find(name)) {
            std::string text = "; a visit may reveal: ";
            for (const knowledge::SensitiveClass which : site->classes) {
                const auto& info = knowledge::sensitive_class_info(which);
                text += fmt::format("{} ({}), ", lowered(info.label_english), info.law);
            }
            return text + "by " + site->row;
        }
        if (const auto suggestion = sites_.suggest(name)) {
            return fmt::format(
                "; not known, but worth a look: '{}' in the name suggests {}", suggestion->word,
                lowered(knowledge::sensitive_class_info(suggestion->which).label_english));
        }
        return {};
    }

    [[nodiscard]] nlohmann::ordered_json sensitive_json(std::string_view name) const {
        const auto site = sites_.find(name);
        if (!site) {
            return nullptr;
        }
        nlohmann::ordered_json classes = nlohmann::ordered_json::array();
        for (const knowledge::SensitiveClass which : site->classes) {
            classes.push_back(knowledge::sensitive_class_info(which).id);
        }
        return {{"classes", classes}, {"by", site->row}};
    }

    /// The lists that say the same as the one that decided.
    static void print_others(std::vector<std::string_view> lists, std::string_view decided) {
        std::erase(lists, decided);
        if (!lists.empty()) {
            fmt::print(" (also in {})", fmt::join(lists, ", "));
        }
    }

    static nlohmann::ordered_json text_or_null(std::string_view text) {
        return text.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(text);
    }

    /// Bytes that are not UTF-8 come from strangers' files: they are replaced, never thrown on.
    static std::string text_of(const nlohmann::ordered_json& line) {
        return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    }

    std::unique_ptr<policy::Policy> policy_;
    knowledge::SensitiveSites sites_;
    devices::DeviceId device_;
    const CheckOptions& options_;
};

/// "NAME [TYPE]" lines; empty ones and comments are passed over.
void check_standard_input(const Checker& checker, const CheckOptions& options) {
    std::string line;
    while (std::getline(std::cin, line)) {
        std::istringstream words(line);
        std::string name;
        std::string type;
        if (!(words >> name) || name.starts_with('#')) {
            continue;
        }
        words >> type;
        checker.check(name, type.empty() ? options.type : type);
    }
}

Result<knowledge::SensitiveSites> sensitive_sites() {
    return knowledge::SensitiveSites::read(SPORVAKT_TRY(share_file(kKnowledgeFolder)));
}

Result<Checker> checker_for(const CheckOptions& options) {
    const devices::DeviceId device = SPORVAKT_TRY(device_of(options));
    auto sites = SPORVAKT_TRY(sensitive_sites());
    auto policy = policy_for(options);
    if (!policy) {
        return tl::unexpected(policy.error());
    }
    return Checker(std::move(*policy), std::move(sites), device, options);
}

int check(const CheckOptions& options) {
    const auto made = checker_for(options);
    if (!made) {
        fmt::print(stderr, "sporvakt: {}\n", made.error().message);
        return kFailed;
    }
    const Checker& checker = *made;
    if (options.names.empty()) {
        check_standard_input(checker, options);
    }
    for (const std::string& name : options.names) {
        if (name == "-") {
            check_standard_input(checker, options);
        } else {
            checker.check(name, options.type);
        }
    }
    return 0;
}

}  // namespace

void add_check_command(CLI::App& app, int& exit_code) {
    CLI::App* const command = app.add_subcommand(
        "check", "Say what becomes of a name: verdict, rule, list, company and purpose");
    const auto options = std::make_shared<CheckOptions>();
    command
        ->add_option("NAME", options->names,
                     "Names; '-' or none reads 'NAME [TYPE]' lines from standard input")
        ->type_name("");
    command->add_option("--type,-t", options->type, "The record type asked for (A)")
        ->type_name("TYPE");
    auto* const lists =
        command
            ->add_option("--list,-l", options->lists,
                         "Judge by this list instead of what is built in; may be repeated")
            ->allow_extra_args(false)  // one file each: names may follow
            ->type_name("FILE");
    command->add_flag("--why", options->says_why, "Say the whole reason, and what would change it");
    auto* const household = command->add_flag(
        "--household", options->is_by_household,
        "Judge as the gateway does now: by its rules, groups, pauses and lists in force");
    auto* const device = command
                             ->add_option("--device", options->device,
                                          "The same, for this device: its MAC or IP address")
                             ->type_name("DEVICE");
    lists->excludes(household)->excludes(device);
    add_storage_options(*command, options->storage);
    command->add_flag("--json", options->json, "One JSON object a line");
    command->callback([options, &exit_code] { exit_code = check(*options); });
}

}  // namespace sporvakt::firmware
