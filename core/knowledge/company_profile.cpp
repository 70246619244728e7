#include "core/knowledge/company_profile.h"

#include <algorithm>
#include <set>

namespace sporvakt::knowledge {
namespace {

using trackers::Company;

/// By slug, from the first catalogue that knows each.
std::map<std::string_view, Company> all_companies(Catalogues catalogues) {
    std::map<std::string_view, Company> companies;
    for (const auto& catalogue : catalogues) {
        for (const Company& company : catalogue->companies()) {
            companies.emplace(company.slug, company);
        }
    }
    return companies;
}

/// Each by purpose, and those that are disguises: the first catalogue that knows a name has the
/// word.
void add_domains(CompanyProfile& profile, Catalogues catalogues) {
    std::set<std::string_view> known;
    for (const auto& catalogue : catalogues) {
        for (const trackers::Attribution& each : catalogue->domains_of(profile.company.id)) {
            if (!known.insert(each.domain).second) {
                continue;
            }
            profile.domains[each.purpose].push_back(each.domain);
            if (each.evasion == trackers::Evasion::Disguise) {
                profile.disguises.push_back(each.domain);
            }
        }
    }
    for (auto& [purpose, domains] : profile.domains) {
        std::sort(domains.begin(), domains.end());
    }
    std::sort(profile.disguises.begin(), profile.disguises.end());
}

}  // namespace

CompanyProfile profile_of(const Company& company, Catalogues catalogues,
                          std::span<const Decision> decisions) {
    CompanyProfile profile;
    profile.company = company;
    const auto companies = all_companies(catalogues);
    for (auto owner = companies.find(company.parent);
         owner != companies.end() && profile.owners.size() < CompanyProfile::kOwnersMax;
         owner = companies.find(owner->second.parent)) {
        profile.owners.push_back(owner->second);
    }
    for (const auto& [slug, each] : companies) {
        if (each.parent == company.slug) {
            profile.owned.push_back(each);
        }
    }
    add_domains(profile, catalogues);
    for (const Decision& decision : decisions) {
        if (decision.concerns(company.slug)) {
            profile.decisions.push_back(&decision);
        }
    }
    return profile;
}

}  // namespace sporvakt::knowledge
