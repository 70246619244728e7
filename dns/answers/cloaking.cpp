#include "dns/answers/cloaking.h"

namespace sporvakt::dns {
namespace {

bool is_allowed_by_rule(const policy::Verdict& verdict) {
    return !verdict.is_blocked() &&
           (verdict.reason == policy::Reason::List || verdict.reason == policy::Reason::Household ||
            verdict.reason == policy::Reason::Paused);
}

}  // namespace

std::optional<Blocking> find_cloaked(const StoredAnswer& answer, const policy::Question& question,
                                     const policy::Verdict& asked, const policy::Policy& policy) {
    if (is_allowed_by_rule(asked)) {
        return std::nullopt;
    }
    for (const std::string& target : answer.targets) {
        const policy::Verdict verdict = policy.judge({question.device, target, question.type});
        if (verdict.is_blocked()) {
            return Blocking{verdict, target};
        }
    }
    return std::nullopt;
}

}  // namespace sporvakt::dns
