#include "core/policy/pauses.h"

namespace sporvakt::policy {
namespace {

std::vector<OwnRule> names_in(std::span<const Pause> pauses) {
    std::vector<OwnRule> names;
    for (const Pause& pause : pauses) {
        if (pause.scope == Pause::Scope::Name) {
            names.push_back(
                {pause.what, HouseholdRule::Allow, RuleForm::WithSubdomains, pause.until});
        }
    }
    return names;
}

}  // namespace

Pauses::Pauses(std::span<const Pause> pauses, const CompanyFamilies& families, Timestamp at)
    : name_rules_(names_in(pauses)), names_(name_rules_, at) {
    for (const Pause& pause : pauses) {
        if (pause.until <= at) {
            continue;
        }
        switch (pause.scope) {
            case Pause::Scope::Everybody:
                for_everybody_ = true;
                break;
            case Pause::Scope::Group:
                groups_.insert(pause.what);
                break;
            case Pause::Scope::Device:
                if (const auto device = devices::DeviceId::from_text(pause.what)) {
                    devices_.insert(*device);
                }
                break;
            case Pause::Scope::Company: {
                const auto family = families.of(pause.what);
                companies_.insert(family.begin(), family.end());
                break;
            }
            case Pause::Scope::Name:
                break;  // in names_
        }
    }
}

bool Pauses::lift(const Verdict& verdict, const devices::DeviceId& device,
                  std::string_view name) const {
    if (verdict.reason == Reason::AllowOnly) {
        return false;
    }
    return for_everybody_ || (!groups_.empty() && groups_.contains(verdict.group)) ||
           (!devices_.empty() && devices_.contains(device)) ||
           (!companies_.empty() && companies_.contains(verdict.company)) ||
           names_.find(name) != nullptr;
}

}  // namespace sporvakt::policy
