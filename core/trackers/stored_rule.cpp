#include "core/trackers/stored_rule.h"

#include <algorithm>
#include <string>

namespace sporvakt::trackers {
namespace {

constexpr std::size_t kCountMax = 255;  // counts are one byte
constexpr unsigned kScopeShift = 2;
constexpr unsigned kScopeMask = 3;
constexpr std::size_t kTypeBytes = 2;

bool is_within(std::string_view name, std::string_view ancestor) {
    return name.ends_with(ancestor) &&
           (name.size() == ancestor.size() || name[name.size() - ancestor.size() - 1] == '.');
}

/// The bytes of the counted names that come next.
Parsed<Bytes> take_names(ByteReader& from) {
    const ByteReader start = from;
    const std::uint8_t count = SPORVAKT_TRY(from.u8());
    for (unsigned i = 0; i < count; ++i) {
        SPORVAKT_TRY(from.take_vector8());
    }
    ByteReader names = start;
    SPORVAKT_TRY(names.u8());
    return names.take(names.remaining() - from.remaining());
}

}  // namespace

bool StoredRule::is_for_type(RecordType type) const {
    if (types.empty()) {
        return true;
    }
    bool is_named = false;
    ByteReader rest(types);
    while (const auto number = rest.u16()) {
        is_named = is_named || RecordType{*number} == type;
    }
    return is_named == (type_filter == TypeFilter::Only);
}

bool StoredRule::excepts(std::string_view name) const {
    ByteReader rest(except_names);
    while (const auto except = rest.take_vector8()) {
        if (is_within(name, as_text(*except))) {
            return true;
        }
    }
    return false;
}

std::uint8_t rule_flags(const RuleTerms& terms, RuleScope scope) {
    unsigned flags = static_cast<unsigned>(scope) << kScopeShift;
    flags |= terms.action == RuleAction::Allow ? kIsAllow : 0U;
    flags |= terms.weight == RuleWeight::Important ? kIsImportant : 0U;
    flags |= terms.conditions.types.empty() ? 0U : kHasTypes;
    flags |= terms.conditions.type_filter == TypeFilter::Except ? kTypesExcept : 0U;
    flags |= terms.conditions.except_names.empty() ? 0U : kHasExceptNames;
    return static_cast<std::uint8_t>(flags);
}

std::vector<std::uint8_t> stored_conditions(const RuleConditions& conditions) {
    ByteWriter out;
    if (!conditions.types.empty()) {
        std::vector<RecordType> types = conditions.types;
        std::sort(types.begin(), types.end());
        types.resize(std::min(types.size(), kCountMax));
        out.u8(static_cast<std::uint8_t>(types.size()));
        for (const RecordType type : types) {
            out.u16(static_cast<std::uint16_t>(type));
        }
    }
    if (!conditions.except_names.empty()) {
        std::vector<std::string> names = conditions.except_names;
        std::sort(names.begin(), names.end());
        names.resize(std::min(names.size(), kCountMax));
        out.u8(static_cast<std::uint8_t>(names.size()));
        for (const std::string& name : names) {
            out.u8(static_cast<std::uint8_t>(name.size())).text(name);
        }
    }
    return out.result();
}

Parsed<StoredRule> read_rule(ByteReader& from) {
    const unsigned flags = SPORVAKT_TRY(from.u8());
    StoredRule rule;
    rule.lists = SPORVAKT_TRY(read_lists(from));
    rule.action = (flags & kIsAllow) != 0 ? RuleAction::Allow : RuleAction::Block;
    rule.weight = (flags & kIsImportant) != 0 ? RuleWeight::Important : RuleWeight::Plain;
    rule.scope = RuleScope{static_cast<std::uint8_t>((flags >> kScopeShift) & kScopeMask)};
    rule.type_filter = (flags & kTypesExcept) != 0 ? TypeFilter::Except : TypeFilter::Only;
    if ((flags & kHasTypes) != 0) {
        const std::size_t count = SPORVAKT_TRY(from.u8());
        rule.types = SPORVAKT_TRY(from.take(count * kTypeBytes));
    }
    if ((flags & kHasExceptNames) != 0) {
        rule.except_names = SPORVAKT_TRY(take_names(from));
    }
    if ((flags & kHasText) != 0) {
        rule.text = as_text(SPORVAKT_TRY(from.take_vector16()));
    }
    return rule;
}

}  // namespace sporvakt::trackers
