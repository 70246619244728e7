#include "core/knowledge/company_names.h"

#include "core/base/ascii.h"
#include "core/base/domain_name.h"
#include "core/trackers/built_in/facts.h"
#include "core/trackers/rule_name.h"

#include <utility>

namespace sporvakt::knowledge {
namespace {

using trackers::Company;

std::optional<Company> by_slug(Catalogues catalogues, std::string_view slug) {
    for (const auto& catalogue : catalogues) {
        if (auto company = catalogue->company_by_slug(slug)) {
            return company;
        }
    }
    return std::nullopt;
}

/// "X (Twitter)" is called "X" and "Twitter".
bool has_part(std::string_view name, std::string_view written) {
    const std::size_t open = name.find(" (");
    if (open == std::string_view::npos || !name.ends_with(')')) {
        return false;
    }
    const std::string_view within = name.substr(open + 2, name.size() - open - 3);
    return equals_ignoring_case(name.substr(0, open), written) ||
           equals_ignoring_case(within, written);
}

template <class Fits>
std::optional<Company> first_that(Catalogues catalogues, const Fits& fits) {
    for (const auto& catalogue : catalogues) {
        for (const Company& company : catalogue->companies()) {
            if (fits(company)) {
                return company;
            }
        }
    }
    return std::nullopt;
}

std::optional<Company> by_domain(Catalogues catalogues, std::string_view written) {
    const auto name = DomainName::from_text(trackers::to_a_labels(written));
    if (!name) {
        return std::nullopt;
    }
    for (const auto& catalogue : catalogues) {
        const auto attribution = catalogue->attribution_of(name->text());
        if (attribution && attribution->company != trackers::CompanyId::None) {
            return catalogue->company(attribution->company);
        }
    }
    return std::nullopt;
}

}  // namespace

Result<Aliases> read_aliases(const std::string& path) {
    Aliases aliases;
    for (const trackers::FactRow& row : SPORVAKT_TRY(trackers::read_facts(path, 2))) {
        const std::string alias = lowered(row.fields[0]);
        if (alias.empty() || row.fields[1].empty() ||
            !aliases.emplace(alias, row.fields[1]).second) {
            std::string message = path;
            message.append(":").append(std::to_string(row.line)).append(": the alias '");
            message.append(alias).append("' says nothing, or stands twice");
            return fail(Errc::InvalidInput, std::move(message));
        }
    }
    return aliases;
}

std::optional<Company> find_company(Catalogues catalogues, const Aliases& aliases,
                                    std::string_view written) {
    const std::string wanted = lowered(written);
    if (auto company = by_slug(catalogues, wanted)) {
        return company;
    }
    if (auto company = first_that(catalogues, [&](const Company& each) {
            return equals_ignoring_case(each.name, wanted);
        })) {
        return company;
    }
    if (const auto alias = aliases.find(wanted); alias != aliases.end()) {
        if (auto company = by_slug(catalogues, alias->second)) {
            return company;
        }
    }
    if (auto company = first_that(
            catalogues, [&](const Company& each) { return has_part(each.name, wanted); })) {
        return company;
    }
    return by_domain(catalogues, wanted);
}

}  // namespace sporvakt::knowledge
