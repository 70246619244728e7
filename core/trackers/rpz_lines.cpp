#include "core/trackers/rpz_lines.h"

#include "core/base/ascii.h"
#include "core/base/ip_address.h"
#include "core/base/ldns_wrap.h"
#include "core/trackers/rule_name.h"
#include "core/trackers/words.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

namespace sporvakt::trackers {
namespace {

struct FreeRdf {
    void operator()(ldns_rdf* rdf) const { ldns_rdf_deep_free(rdf); }
};
using Rdf = std::unique_ptr<ldns_rdf, FreeRdf>;

struct FreeRr {
    void operator()(ldns_rr* rr) const { ldns_rr_free(rr); }
};
using Rr = std::unique_ptr<ldns_rr, FreeRr>;

/// A name in text without the last dot; empty for the root and for names with odd characters.
std::string text_of(const ldns_rdf* name) {
    struct Free {
        void operator()(char* text) const { LDNS_FREE(text); }
    };
    const std::unique_ptr<char, Free> text(ldns_rdf2str(name));
    std::string result = text ? lowered(text.get()) : std::string();
    if (result.ends_with('.')) {
        result.pop_back();
    }
    return result;
}

/// Whether the record's type fits the 16 bits that a type has (RFC 1035 §3.2.2).  ldns takes the
/// number of "TYPE-3" and "TYPE70000" (RFC 3597 §5) as it is written, and what it then holds is no
/// value of its enumeration: only its bytes may be looked at.
bool has_real_type(const ldns_rr& rr) {
    std::underlying_type_t<ldns_rr_type> number = 0;
    std::memcpy(&number, &rr._rr_type, sizeof number);
    return number <= std::numeric_limits<std::uint16_t>::max();
}

/// A ';' outside of quotes starts a comment (RFC 1035 §5.1).
std::string_view without_zone_comment(std::string_view line) {
    bool is_quoted = false;
    for (std::size_t at = 0; at < line.size(); ++at) {
        if (line[at] == '\\') {
            ++at;
        } else if (line[at] == '"') {
            is_quoted = !is_quoted;
        } else if (line[at] == ';' && !is_quoted) {
            return line.substr(0, at);
        }
    }
    return line;
}

/// What a record's data does with the names that own it; nothing: not a matter of names.
std::optional<RuleAction> action_of(const ldns_rr* rr, std::string_view owner,
                                    std::string_view target) {
    if (ldns_rr_get_type(rr) == LDNS_RR_TYPE_A || ldns_rr_get_type(rr) == LDNS_RR_TYPE_AAAA) {
        const auto address = IpAddress::from_text(target);
        const bool is_null = address && (address->is_unspecified() || address->is_loopback());
        return is_null ? std::optional(RuleAction::Block) : std::nullopt;
    }
    if (ldns_rr_get_type(rr) != LDNS_RR_TYPE_CNAME) {
        return std::nullopt;
    }
    if (target.empty() || target == "*" || target == "rpz-drop") {  // NXDOMAIN, NODATA, DROP
        return RuleAction::Block;
    }
    // The second is how PASSTHRU was written before it had a name.
    if (target == "rpz-passthru" || target == owner) {
        return RuleAction::Allow;
    }
    return std::nullopt;
}

bool has_other_trigger(std::string_view owner) {
    constexpr std::array<std::string_view, 4> kTriggers{"rpz-ip", "rpz-client-ip", "rpz-nsip",
                                                        "rpz-nsdname"};
    const std::string_view last = owner.substr(owner.rfind('.') + 1);  // npos + 1 is 0
    return std::find(kTriggers.begin(), kTriggers.end(), last) != kTriggers.end();
}

/// `data` is the record's, for the rule's own words.
void take_rule(std::string owner, RuleAction action, const std::string& data, RuleSink& sink) {
    NameRule rule;
    rule.terms.action = action;
    if (owner.starts_with("*.")) {
        rule.scope = RuleScope::OnlySubdomains;
        rule.before = "*.";
        owner.erase(0, 2);
    }
    rule.after = data.substr(0, NameRule::kAroundMax);
    auto name = rule_name(owner);
    if (name) {
        rule.name = std::move(*name);
        sink.take(rule);
    } else {
        sink.skip(name.error() == NameFault::TooBroad ? SkipKind::TooBroad : SkipKind::NotAName);
    }
}

}  // namespace

class RpzLines::State {
public:
    std::string record;  ///< The lines of a record that is not complete yet.
    int open_parentheses = 0;
    bool is_too_long = false;
    std::uint32_t ttl = 3600;
    Rdf origin{ldns_dname_new_frm_str(".")};
    Rdf previous_owner;
    std::string zone;  ///< Known from the SOA: what owners end in when they are written in full.

    /// The record in `text`; empty when it is none.
    Rr parse(const std::string& text) {
        ldns_rr* read = nullptr;
        ldns_rdf* previous = previous_owner.release();
        const ldns_status status =
            ldns_rr_new_frm_str(&read, text.c_str(), ttl, origin.get(), &previous);
        previous_owner.reset(previous);
        Rr rr(status == LDNS_STATUS_OK ? read : nullptr);
        return rr && has_real_type(*rr) ? std::move(rr) : nullptr;
    }

    /// The name that the owner speaks of: without the zone's own name.
    [[nodiscard]] std::string trigger(const std::string& owner) const {
        if (!zone.empty() && owner == zone) {
            return {};
        }
        if (!zone.empty() && owner.ends_with("." + zone)) {
            return owner.substr(0, owner.size() - zone.size() - 1);
        }
        return owner;
    }
};

RpzLines::RpzLines() : state_(std::make_unique<State>()) {}
RpzLines::~RpzLines() = default;

void RpzLines::read(std::string_view line, RuleSink& sink) {
    const std::string_view text = without_zone_comment(line);
    if (trimmed(text).empty() || line.front() == '#') {
        return;  // '#' is not a comment in zone files, but many lists write it
    }
    State& state = *state_;
    state.open_parentheses += static_cast<int>(std::count(text.begin(), text.end(), '(') -
                                               std::count(text.begin(), text.end(), ')'));
    if (state.record.size() + text.size() > kRecordBytesMax) {
        state.is_too_long = true;
    } else {
        state.record += text;
        state.record += ' ';
    }
    if (state.open_parentheses > 0) {
        return;
    }
    std::string record = std::exchange(state.record, {});
    std::replace_if(
        record.begin(), record.end(), [](char c) { return c == '(' || c == ')'; }, ' ');
    state.open_parentheses = 0;
    if (std::exchange(state.is_too_long, false)) {
        sink.skip(SkipKind::NotUnderstood);
    } else if (!read_directive(record)) {
        read_record(record, sink);
    }
}

bool RpzLines::read_directive(const std::string& text) {
    std::string_view rest = text;
    if (!rest.starts_with('$')) {
        return false;
    }
    const std::string_view directive = take_word(rest);
    const std::string value(take_word(rest));
    if (directive == "$ORIGIN") {
        Rdf origin(ldns_dname_new_frm_str(value.c_str()));
        if (origin) {
            state_->zone = state_->zone.empty() ? text_of(origin.get()) : state_->zone;
            state_->origin = std::move(origin);
        }
    } else if (directive == "$TTL") {
        const char* end = nullptr;
        state_->ttl = ldns_str2period(value.c_str(), &end);
    }
    return true;
}

void RpzLines::read_record(const std::string& text, RuleSink& sink) {
    const Rr rr = state_->parse(text);
    if (!rr) {
        sink.skip(SkipKind::NotUnderstood);
        return;
    }
    const ldns_rr_type type = ldns_rr_get_type(rr.get());
    const std::string owner = text_of(ldns_rr_owner(rr.get()));
    if (type == LDNS_RR_TYPE_SOA) {
        state_->zone = owner;
        return;
    }
    std::string name = state_->trigger(owner);
    if (type == LDNS_RR_TYPE_NS || name.empty()) {
        return;  // the zone's own records
    }
    const ldns_rdf* const data = ldns_rr_rdf(rr.get(), 0);
    const std::string target = data != nullptr ? text_of(data) : std::string();
    const auto action = action_of(rr.get(), owner, state_->trigger(target));
    if (!action || has_other_trigger(name)) {
        sink.skip(SkipKind::Trigger);
        return;
    }
    const bool is_cname = type == LDNS_RR_TYPE_CNAME;
    take_rule(std::move(name), *action, is_cname ? " CNAME " + target + "." : " " + target, sink);
}

}  // namespace sporvakt::trackers
