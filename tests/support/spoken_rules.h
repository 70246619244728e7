#pragma once

#include "core/trackers/list_line.h"

#include <string>
#include <string_view>

namespace sporvakt::test {

/// Writes down what lines say, for comparison: "block x" for x alone, "block +x" with what is below
/// it, "block *x" for only that; "block /expression/"; "skip" and the words of the kind.
class SpokenRules final : public trackers::RuleSink {
public:
    void take(const trackers::NameRule& rule) override {
        constexpr std::string_view kScopes[] = {"", "+", "*"};
        add(rule.terms, std::string(kScopes[static_cast<std::size_t>(rule.scope)]) + rule.name);
        own_words = rule.before + rule.name + rule.after;
    }
    void take(const trackers::PatternRule& rule) override {
        add(rule.terms, "/" + rule.expression + "/");
        tail_length = rule.tail_length;
        own_words = rule.text;
    }
    void skip(trackers::SkipKind kind) override {
        said += (said.empty() ? "skip " : "; skip ") + std::string(skip_kind_text(kind));
    }

    std::string said;
    std::string own_words;  ///< Of the last rule.
    std::size_t tail_length = 0;

private:
    void add(const trackers::RuleTerms& terms, const std::string& what) {
        said += said.empty() ? "" : "; ";
        said += terms.effect == trackers::RuleEffect::Cancels ? "cancel " : "";
        said += terms.action == trackers::RuleAction::Allow ? "allow " : "block ";
        said += what;
        said += terms.weight == trackers::RuleWeight::Important ? " important" : "";
        for (const RecordType type : terms.conditions.types) {
            const bool is_except = terms.conditions.type_filter == trackers::TypeFilter::Except;
            said += (is_except ? " ~" : " ") + record_type_text(type);
        }
        for (const std::string& name : terms.conditions.except_names) {
            said += " except " + name;
        }
    }
};

inline std::string said_by(std::string_view line,
                           trackers::ListFormat format = trackers::ListFormat::Adblock) {
    SpokenRules rules;
    read_list_line(line, format, rules);
    return rules.said;
}

/// "skip" and the words of the kind, as SpokenRules writes it.
inline std::string skipped(trackers::SkipKind kind) {
    return "skip " + std::string(skip_kind_text(kind));
}

}  // namespace sporvakt::test
