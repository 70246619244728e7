#pragma once

#include "core/policy/policy.h"

#include <string>

namespace sporvakt::policy {

/// Why a verdict is what it is, and what the owner could do about it: an English sentence each, for
/// the command line, the API and logs.  The page says it in its own languages, by the same fields.
struct Explanation {
    std::string because;    ///< "The rule ||facebook.net^ of the list built-in blocks it."
    std::string to_change;  ///< Empty where there is nothing to change.
};

/// `policy` is the one that gave the verdict.
Explanation explain(const Verdict& verdict, const Policy& policy);

/// "list", "own_rule", "paused", ...: the reason as API v1 has it.
std::string_view reason_id(Reason reason);

}  // namespace sporvakt::policy
