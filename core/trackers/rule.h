#pragma once

#include "core/base/record_type.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sporvakt::trackers {

enum class RuleAction : std::uint8_t { Block = 0, Allow = 1 };  // stored: never renumber

/// Which names a rule for the name x speaks of.  Stored: never renumber.
enum class RuleScope : std::uint8_t {
    Exact = 0,           ///< x alone: hosts and plain domain lists
    WithSubdomains = 1,  ///< x and everything below it: ||x^
    OnlySubdomains = 2,  ///< what is below x, not x itself: RPZ's "*.x", ||*.x^
};

/// Whether `types` are those that a rule is for, or those that it is not for.
enum class TypeFilter : std::uint8_t { Only, Except };

/// Narrows a rule; empty for nearly all of them.
struct RuleConditions {
    std::vector<RecordType> types;  ///< AdGuard's $dnstype; none means every type.
    TypeFilter type_filter = TypeFilter::Only;
    std::vector<std::string> except_names;  ///< $denyallow: these and what is below them.

    [[nodiscard]] bool empty() const { return types.empty() && except_names.empty(); }
    friend bool operator==(const RuleConditions&, const RuleConditions&) = default;
};

/// Ordinary, or AdGuard's $important, which beats every ordinary rule.
enum class RuleWeight : std::uint8_t { Plain = 0, Important = 1 };

/// Whether a rule speaks, or ($badfilter) silences the same rule wherever it stands.
enum class RuleEffect : std::uint8_t { Applies, Cancels };

/// What rules for names and for patterns have in common.
struct RuleTerms {
    RuleAction action = RuleAction::Block;
    RuleWeight weight = RuleWeight::Plain;
    RuleEffect effect = RuleEffect::Applies;
    RuleConditions conditions;
};

/// A rule about one name, as a line of a list gave it.
///
/// Its own words are `before` + `name` + `after`: "||" "facebook.net" "^".
struct NameRule {
    static constexpr std::size_t kAroundMax = 255;  ///< Longest `before` and `after`.

    std::string name;  ///< DomainName's form.
    RuleScope scope = RuleScope::Exact;
    RuleTerms terms;
    std::string before;
    std::string after;
};

/// A rule about every name that an expression (RE2 syntax) matches somewhere.
struct PatternRule {
    static constexpr std::size_t kExpressionMax = 1024;  ///< A longer one is refused.

    std::string expression;
    std::uint8_t tail_length = 0;  ///< Characters of the name that it certainly matches at its end.
    RuleTerms terms;
    std::string text;  ///< In its own words.
};

}  // namespace sporvakt::trackers
