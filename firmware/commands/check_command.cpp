#include "core/base/ascii.h"
#include "core/base/clock.h"
#include "core/base/domain_name.h"
#include "core/knowledge/sensitive_sites.h"
#include "core/policy/explanation.h"
#include "core/policy/policy.h"
#include "core/trackers/list_compiler.h"
#include "core/trackers/rule_name.h"
#include "firmware/commands/commands.h"
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
    bool json = false;
};

using Catalogues = std::vector<std::shared_ptr<const trackers::Catalogue>>;

Result<Catalogues> catalogues_for(const CheckOptions& options) {
    if (options.lists.empty()) {
        const std::string path = SPORVAKT_TRY(share_file(kBuiltInCatalogue));
        return Catalogues{SPORVAKT_TRY(trackers::Catalogue::open(path))};
    }
    return Catalogues{SPORVAKT_TRY(temporary_catalogue(options.lists))};
}

/// Judges names one after the other and prints a line for each.
class Checker {
public:
    Checker(Catalogues catalogues, knowledge::SensitiveSites sites, const CheckOptions& options)
        : policy_(std::move(catalogues), {}), sites_(std::move(sites)), options_(options) {}

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
        const policy::Question question{{}, name, type};
        const policy::Verdict verdict = policy_.judge(question);
        const auto lists = policy::agreeing_lists(verdict, question, policy_);
        const auto company = policy_.company(verdict.company);
        const std::string_view word = verdict.is_blocked() ? "block" : "allow";
        const trackers::PurposeInfo& purpose = trackers::purpose_info(verdict.purpose);
        if (options_.json) {
            const nlohmann::ordered_json line{
                {"name", name},
                {"type", record_type_text(type)},
                {"verdict", word},
                {"rule", text_or_null(verdict.rule)},
                {"list", text_or_null(verdict.list)},
                {"lists", lists},
                {"company", text_or_null(company ? company->name : std::string_view{})},
                {"purpose",
                 text_or_null(verdict.purpose == trackers::Purpose::Unknown ? std::string_view{}
                                                                            : purpose.id)},
                {"sensitive", sensitive_json(name)}};
            fmt::print("{}\n", text_of(line));
            return;
        }
        fmt::print("{} {}: {}", name, record_type_text(type), word);
        if (!verdict.rule.empty()) {
            fmt::print(", rule {} of {}", verdict.rule, verdict.list);
            print_others(lists, verdict.list);
        }
        if (company) {
            fmt::print(", {} ({})", company->name, purpose.label_english);
        } else if (verdict.purpose != trackers::Purpose::Unknown) {
            fmt::print(", {}", purpose.label_english);
        }
        fmt::print("{}\n", sensitive_text(name));
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

    policy::Policy policy_;
    knowledge::SensitiveSites sites_;
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

int check(const CheckOptions& options) {
    auto catalogues = catalogues_for(options);
    if (!catalogues) {
        fmt::print(stderr, "sporvakt: {}\n", catalogues.error().message);
        return 1;
    }
    const auto folder = share_file(kKnowledgeFolder);
    auto sites = folder ? knowledge::SensitiveSites::read(*folder)
                        : Result<knowledge::SensitiveSites>(tl::unexpected(folder.error()));
    if (!sites) {
        fmt::print(stderr, "sporvakt: {}\n", sites.error().message);
        return 1;
    }
    const Checker checker(std::move(*catalogues), std::move(*sites), options);
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
    command
        ->add_option("--list,-l", options->lists,
                     "Judge by this list instead of what is built in; may be repeated")
        ->allow_extra_args(false)  // one file each: names may follow
        ->type_name("FILE");
    command->add_flag("--json", options->json, "One JSON object a line");
    command->callback([options, &exit_code] { exit_code = check(*options); });
}

}  // namespace sporvakt::firmware
