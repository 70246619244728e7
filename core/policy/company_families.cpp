#include "core/policy/company_families.h"

#include <set>

namespace sporvakt::policy {

CompanyFamilies::CompanyFamilies(
    std::span<const std::shared_ptr<const trackers::Catalogue>> catalogues) {
    for (const auto& catalogue : catalogues) {
        for (const trackers::Company& company : catalogue->companies()) {
            Member& member = members_[std::string(company.slug)];
            if (member.id != trackers::CompanyId::None) {
                continue;  // an earlier catalogue knows it
            }
            member.id = company.id;
            if (!company.parent.empty()) {
                members_[std::string(company.parent)].children.emplace_back(company.slug);
            }
        }
    }
}

std::vector<trackers::CompanyId> CompanyFamilies::of(std::string_view slug) const {
    std::vector<trackers::CompanyId> family;
    std::vector<std::string> waiting{std::string(slug)};
    std::set<std::string, std::less<>> seen;
    while (!waiting.empty()) {
        const std::string next = std::move(waiting.back());
        waiting.pop_back();
        const auto found = members_.find(next);
        if (found == members_.end() || !seen.insert(next).second) {
            continue;
        }
        if (found->second.id != trackers::CompanyId::None) {
            family.push_back(found->second.id);
        }
        waiting.insert(waiting.end(), found->second.children.begin(), found->second.children.end());
    }
    return family;
}

}  // namespace sporvakt::policy
