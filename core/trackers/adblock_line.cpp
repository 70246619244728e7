#include "core/trackers/adblock_line.h"

#include "core/base/ascii.h"
#include "core/trackers/rule_name.h"
#include "core/trackers/words.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace sporvakt::trackers {
namespace {

// https://adguard-dns.io/kb/general/dns-filtering-syntax/ is what these functions follow.

constexpr std::size_t kTextMax = 512;  // own words kept of a pattern

/// A rule cut into its parts; views of the line.
struct Parts {
    std::string_view line;
    RuleAction action = RuleAction::Block;
    std::string_view pattern;  ///< "||x^"
    std::string_view options;  ///< "important,dnstype=A"
};

bool is_expression(std::string_view pattern) {
    return pattern.size() > 2 && pattern.starts_with('/') && pattern.ends_with('/');
}

/// Where "$options" begin.  Not inside /re$/, where a '$' is the end of the name.
std::size_t options_start(std::string_view rule) {
    if (rule.starts_with('/')) {
        const std::size_t end = rule.rfind("/$");
        return end == std::string_view::npos || end == 0 ? std::string_view::npos : end + 1;
    }
    return rule.find('$');
}

Parts parts_of(std::string_view line) {
    Parts parts;
    parts.line = line;
    std::string_view rest = line;
    if (rest.starts_with("@@")) {
        parts.action = RuleAction::Allow;
        rest.remove_prefix(2);
    }
    const std::size_t options = options_start(rest);
    parts.pattern = rest.substr(0, options);
    if (options != std::string_view::npos) {
        parts.options = rest.substr(options + 1);
    }
    return parts;
}

bool read_types(std::string_view value, RuleConditions& conditions) {
    std::size_t excepted = 0;
    while (!value.empty()) {
        std::string_view word = trimmed(take_until(value, '|'));
        if (word.starts_with('~')) {
            word.remove_prefix(1);
            ++excepted;
        }
        const auto type = record_type_from_text(word);
        if (!type) {
            return false;
        }
        conditions.types.push_back(*type);
    }
    conditions.type_filter = excepted > 0 ? TypeFilter::Except : TypeFilter::Only;
    return !conditions.types.empty() && (excepted == 0 || excepted == conditions.types.size());
}

bool read_except_names(std::string_view value, RuleConditions& conditions) {
    while (!value.empty()) {
        std::string_view word = trimmed(take_until(value, '|'));
        word.remove_prefix(word.starts_with("*.") ? 2 : 0);
        auto name = rule_name(word);
        if (!name) {
            return false;
        }
        conditions.except_names.push_back(std::move(*name));
    }
    return !conditions.except_names.empty();
}

/// Nothing when the option was read into `terms`, else why the rule is not ours.
std::optional<SkipKind> read_option(std::string_view option, RuleTerms& terms) {
    std::string_view value = option;
    const std::string name = lowered(take_until(value, '='));
    if (name == "important") {
        terms.weight = RuleWeight::Important;
        return std::nullopt;
    }
    if (name == "badfilter") {
        terms.effect = RuleEffect::Cancels;
        return std::nullopt;
    }
    if (name == "dnstype") {
        return read_types(value, terms.conditions) ? std::nullopt
                                                   : std::optional(SkipKind::NotUnderstood);
    }
    if (name == "denyallow") {
        return read_except_names(value, terms.conditions) ? std::nullopt
                                                          : std::optional(SkipKind::NotAName);
    }
    if (name == "client" || name == "ctag") {
        return SkipKind::Client;
    }
    return name == "dnsrewrite" ? SkipKind::Rewrite : SkipKind::Url;
}

std::optional<SkipKind> read_options(std::string_view options, RuleTerms& terms) {
    while (!options.empty()) {
        if (const auto fault = read_option(trimmed(take_until(options, ',')), terms)) {
            return fault;
        }
    }
    return std::nullopt;
}

/// "||ads*.example.com^" taken apart.
struct Mask {
    enum class Start : std::uint8_t { Anywhere, AtLabel, AtName };
    Start start = Start::Anywhere;
    bool has_end = false;  ///< "^" or "|": the name ends there.
    std::string_view body;
};

Mask mask_of(std::string_view pattern) {
    Mask mask;
    mask.body = pattern;
    if (mask.body.starts_with("||")) {
        mask.start = Mask::Start::AtLabel;
        mask.body.remove_prefix(2);
    } else if (mask.body.starts_with('|')) {
        mask.start = Mask::Start::AtName;
        mask.body.remove_prefix(1);
    }
    while (mask.body.ends_with('^') || mask.body.ends_with('|')) {
        mask.has_end = true;
        mask.body.remove_suffix(1);
    }
    return mask;
}

bool is_mask_body(std::string_view body) {
    return !body.empty() && std::all_of(body.begin(), body.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.' || c == '*';
    });
}

std::string expression_of(const Mask& mask) {
    std::string result;
    if (mask.start == Mask::Start::AtLabel) {
        result = "(?:^|\\.)";
    } else if (mask.start == Mask::Start::AtName) {
        result = "^";
    }
    for (const char c : lowered(mask.body)) {
        if (c == '*') {
            result += ".*";
        } else if (c == '.') {
            result += "\\.";
        } else {
            result += c;
        }
    }
    return mask.has_end ? result + "$" : result;
}

/// The whole labels after the last '*' that the end of a name must equal.
std::uint8_t tail_length(const Mask& mask) {
    if (!mask.has_end) {
        return 0;
    }
    const std::string_view tail = mask.body.substr(mask.body.rfind('*') + 1);  // npos + 1 is 0
    const std::size_t dot = tail.find('.');
    const std::size_t length = dot == std::string_view::npos ? 0 : tail.size() - dot - 1;
    return static_cast<std::uint8_t>(std::min<std::size_t>(length, 255));
}

void read_pattern(std::string expression, std::uint8_t tail, const Parts& parts,
                  const RuleTerms& terms, RuleSink& sink) {
    PatternRule rule;
    rule.expression = std::move(expression);
    rule.tail_length = tail;
    rule.terms = terms;
    rule.text = parts.line.substr(0, kTextMax);
    sink.take(rule);
}

void read_mask(const Mask& mask, const Parts& parts, const RuleTerms& terms, RuleSink& sink) {
    if (is_mask_body(mask.body)) {
        read_pattern(expression_of(mask), tail_length(mask), parts, terms, sink);
        return;
    }
    const bool is_url = mask.body.find_first_of("/?=&%:~+!;@,") != std::string_view::npos;
    sink.skip(is_url ? SkipKind::Url : SkipKind::NotAName);
}

/// Which names a mask means when it is one name; nothing when it needs an expression.
std::optional<RuleScope> scope_of(Mask& mask, RuleAction action) {
    if (mask.start != Mask::Start::AtName && mask.body.starts_with("*.")) {
        mask.body.remove_prefix(2);
        // "*.x" in a wildcard list means x too; "||*.x^" asks for something before the dot.
        const bool means_both = mask.start == Mask::Start::Anywhere && !mask.has_end;
        return means_both ? RuleScope::WithSubdomains : RuleScope::OnlySubdomains;
    }
    switch (mask.start) {
        case Mask::Start::AtLabel:
            return RuleScope::WithSubdomains;
        case Mask::Start::AtName:
            return mask.has_end ? std::optional(RuleScope::Exact) : std::nullopt;
        case Mask::Start::Anywhere:
            break;
    }
    if (mask.has_end) {
        return std::nullopt;  // "x^" is every name that ends in these letters
    }
    // Whoever writes "@@x" means the site; a bare "x" blocks no more than it says.
    return action == RuleAction::Allow ? RuleScope::WithSubdomains : RuleScope::Exact;
}

void skip_for(NameFault fault, RuleSink& sink) {
    if (fault == NameFault::NotAName) {
        sink.skip(SkipKind::NotAName);
    } else {
        sink.skip(fault == NameFault::Address ? SkipKind::Address : SkipKind::TooBroad);
    }
}

/// Rules for one name, which look-ups find by its suffixes; false for those that need more.
bool read_as_name(const Parts& parts, const RuleTerms& terms, RuleSink& sink) {
    Mask mask = mask_of(parts.pattern);
    const auto scope = scope_of(mask, parts.action);
    if (!scope || mask.body.find_first_of("*/?=&%:") != std::string_view::npos ||
        mask.body.ends_with('.') || mask.body.starts_with('.')) {
        return false;
    }
    auto name = rule_name(mask.body);
    if (!name) {
        skip_for(name.error(), sink);
        return true;
    }
    NameRule rule;
    rule.name = std::move(*name);
    rule.scope = *scope;
    rule.terms = terms;
    const auto start = static_cast<std::size_t>(mask.body.data() - parts.line.data());
    rule.before = parts.line.substr(0, start);
    rule.after = parts.line.substr(start + mask.body.size()).substr(0, NameRule::kAroundMax);
    sink.take(rule);
    return true;
}

}  // namespace

bool is_adblock_line(std::string_view line) {
    return line.starts_with("@@") || line.starts_with('/') ||
           line.find_first_of("|^*$") != std::string_view::npos;
}

void read_adblock_line(std::string_view line, RuleSink& sink) {
    const Parts parts = parts_of(line);
    RuleTerms terms;
    terms.action = parts.action;
    if (const auto fault = read_options(parts.options, terms)) {
        sink.skip(*fault);
        return;
    }
    if (is_expression(parts.pattern)) {
        const std::string_view expression = parts.pattern.substr(1, parts.pattern.size() - 2);
        if (expression.find('/') != std::string_view::npos) {
            sink.skip(SkipKind::Url);  // no name has a slash
        } else {
            read_pattern(std::string(expression), 0, parts, terms, sink);
        }
    } else if (!read_as_name(parts, terms, sink)) {
        read_mask(mask_of(parts.pattern), parts, terms, sink);
    }
}

}  // namespace sporvakt::trackers
