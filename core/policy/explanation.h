#pragma once

#include "core/policy/policy.h"

#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::policy {

/// Why a verdict is what it is, and what the owner could do about it: an English sentence each, for
/// the command line, the API and logs.  The page says it in its own languages, by the same fields.
struct Explanation {
    /// "The rule ||facebook.net^ of the list built-in blocks it; the list adaway does so too."
    std::string because;
    std::string to_change;  ///< Empty where there is nothing to change.
};

/// `policy` gave the verdict, on that question.
Explanation explain(const Verdict& verdict, const Question& question, const Policy& policy);

/// All lists that say of the name what the verdict says, each once, the strongest first: to the
/// question which lists block it, the full answer.  Views live as long as the policy.
std::vector<std::string_view> agreeing_lists(const Verdict& verdict, const Question& question,
                                             const Policy& policy);

/// "list", "own_rule", "paused", ...: the reason as API v1 has it.
std::string_view reason_id(Reason reason);

}  // namespace sporvakt::policy
