#include "core/base/clock.h"
#include "core/knowledge/company_profile.h"
#include "core/knowledge/knowledge.h"
#include "firmware/commands/commands.h"
#include "firmware/commands/stored_household.h"
#include "firmware/share_folder.h"
#include "webui/server/knowledge/company_json.h"
#include "webui/server/rows.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace sporvakt::firmware {
namespace {

constexpr std::chrono::days kReported{14};
constexpr std::size_t kDomainsShown = 12;

struct CompanyOptions {
    std::string name;
    StorageOptions storage;
    bool json = false;
};

/// What happened here; or nothing, and why.
using Contacts = Result<ledger::Totals>;

Contacts contacts_with(const trackers::Company& company, const StorageOptions& options) {
    const StoredHousehold household = SPORVAKT_TRY(stored_household(options));
    const StoredLedger stored = SPORVAKT_TRY(StoredLedger::open(household));
    ledger::Filter filter;
    filter.to = SystemClock().now();
    filter.from = filter.to - kReported;
    filter.company = company.id;
    return stored.reports().totals(filter);
}

std::string names_of(const std::vector<trackers::Company>& companies) {
    std::string names;
    for (const trackers::Company& company : companies) {
        names += (names.empty() ? "" : ", ") + std::string(company.name);
    }
    return names;
}

std::string domains_text(const std::vector<std::string_view>& domains) {
    std::string text;
    for (std::size_t i = 0; i < domains.size() && i < kDomainsShown; ++i) {
        text += (i == 0 ? "" : ", ") + std::string(domains[i]);
    }
    return domains.size() <= kDomainsShown
               ? text
               : text + fmt::format(" and {} more", domains.size() - kDomainsShown);
}

void print_line(std::string_view word, std::string_view text) {
    if (!text.empty()) {
        fmt::print("{:<11}{}\n", word, text);
    }
}

std::string amount_text(const knowledge::Amount& amount) {
    const bool is_daily = amount.runs == knowledge::Amount::Runs::EachDay;
    return fmt::format(" ({} {}{})", amount.currency, amount.value, is_daily ? " a day" : "");
}

void print_decision(const knowledge::Decision& decision) {
    fmt::print("  {} {} ({}), {}{}{}: {}", decision.date, decision.authority, decision.country,
               decision.party, decision.case_number.empty() ? "" : ", case ", decision.case_number,
               decision.outcome);
    if (decision.amount) {
        fmt::print("{}", amount_text(*decision.amount));
    }
    fmt::print(" [{}{}{}]\n", knowledge::status_text(decision.status),
               decision.status_date.empty() ? "" : " ", decision.status_date);
    for (const std::string& source : decision.sources) {
        fmt::print("    {}\n", source);
    }
}

void print_text(const knowledge::CompanyProfile& profile, const Contacts& contacts) {
    fmt::print("{} ({})\n", profile.company.name, profile.company.slug);
    print_line("owned by", names_of(profile.owners));
    print_line("owns", names_of(profile.owned));
    print_line("country", profile.company.country);
    print_line("website", profile.company.website);
    if (contacts) {
        print_line("here", fmt::format("{} contacts leaked, {} prevented, in {} days",
                                       contacts->leaked, contacts->prevented, kReported.count()));
    } else {
        print_line("here", "not known: " + contacts.error().message);
    }
    for (const auto& [purpose, domains] : profile.domains) {
        fmt::print("{}: {}\n", trackers::purpose_info(purpose).label_english,
                   domains_text(domains));
    }
    if (!profile.disguises.empty()) {
        print_line("disguises",
                   "names of other websites lead to " + domains_text(profile.disguises));
    }
    if (!profile.decisions.empty()) {
        fmt::print("Decisions of authorities:\n");
    }
    for (const knowledge::Decision* const decision : profile.decisions) {
        print_decision(*decision);
    }
}

void print_json(const knowledge::CompanyProfile& profile, const Contacts& contacts) {
    nlohmann::json row = webui::profile_json(profile);
    row["contacts"] = nullptr;
    if (contacts) {
        row["contacts"] = nlohmann::json::object();
        webui::add_totals(row["contacts"], *contacts);
    }
    fmt::print("{}\n", webui::json_text(row));
}

Result<void> show(const CompanyOptions& options) {
    const std::string built_in = SPORVAKT_TRY(share_file(kBuiltInCatalogue));
    const std::string folder = SPORVAKT_TRY(share_file(kKnowledgeFolder));
    const auto catalogue = SPORVAKT_TRY(trackers::Catalogue::open(built_in));
    const knowledge::Knowledge known = SPORVAKT_TRY(knowledge::read_knowledge(folder));
    const knowledge::Catalogues catalogues(&catalogue, 1);
    const auto company = knowledge::find_company(catalogues, known.aliases, options.name);
    if (!company) {
        return fail(Errc::NotFound, "no company is known by '" + options.name +
                                        "': not as an id, a name, an alias or a domain");
    }
    const auto profile = knowledge::profile_of(*company, catalogues, known.decisions);
    const Contacts contacts = contacts_with(*company, options.storage);
    if (options.json) {
        print_json(profile, contacts);
    } else {
        print_text(profile, contacts);
    }
    return {};
}

}  // namespace

void add_company_command(CLI::App& app, int& exit_code) {
    auto* const command = app.add_subcommand(
        "company", "Say what is known of a company: owners, domains, decisions, contacts here");
    const auto options = std::make_shared<CompanyOptions>();
    command->add_option("NAME", options->name, "Id, name, alias or domain")
        ->required()
        ->type_name("");
    command->add_flag("--json", options->json, "As GET /companies/{id} of the API says it");
    add_storage_options(*command, options->storage);
    command->callback([options, &exit_code] {
        const auto shown = show(*options);
        if (!shown) {
            fmt::print(stderr, "sporvakt: {}\n", shown.error().message);
        }
        exit_code = shown ? 0 : kFailed;
    });
}

}  // namespace sporvakt::firmware
