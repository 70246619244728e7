#include "core/trackers/config_line.h"

#include "core/base/ip_address.h"
#include "core/trackers/rule_name.h"
#include "core/trackers/words.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace sporvakt::trackers {
namespace {

/// "key=value" as dnsmasq writes it: a key of letters and '-', nothing before it.
std::optional<std::string_view> dnsmasq_key(std::string_view line) {
    const std::size_t equals = line.find('=');
    const std::string_view key = line.substr(0, equals);
    const bool is_key = equals != std::string_view::npos && !key.empty() &&
                        std::all_of(key.begin(), key.end(),
                                    [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
    return is_key ? std::optional(key) : std::nullopt;
}

/// "key: value" as unbound writes it.
std::optional<std::string_view> unbound_key(std::string_view line) {
    const std::size_t colon = line.find(':');
    const std::string_view key = line.substr(0, colon);
    const bool is_key =
        colon != std::string_view::npos && !key.empty() &&
        (colon + 1 == line.size() || line.find_first_of(" \t\"", colon) == colon + 1) &&
        std::all_of(key.begin(), key.end(),
                    [](char c) { return (c >= 'a' && c <= 'z') || c == '-' || c == '_'; });
    return is_key ? std::optional(key) : std::nullopt;
}

bool is_null_address(std::string_view text) {
    const auto address = IpAddress::from_text(text);
    return address && (address->is_unspecified() || address->is_loopback());
}

void take_name(std::string_view word, NameRule rule, RuleSink& sink) {
    auto name = rule_name(word);
    if (name) {
        rule.name = std::move(*name);
        sink.take(rule);
    } else if (name.error() == NameFault::NotAName) {
        sink.skip(SkipKind::NotAName);
    } else {
        sink.skip(name.error() == NameFault::Address ? SkipKind::Address : SkipKind::TooBroad);
    }
}

/// What dnsmasq does with "server=/x/TARGET" and the like; nothing: neither blocks nor allows.
std::optional<RuleAction> dnsmasq_action(std::string_view key, std::string_view target) {
    const bool is_server = key == "server" || key == "local";
    if (target.empty()) {
        return RuleAction::Block;
    }
    if (target == "#") {  // the ordinary servers; for address=, the null address
        return is_server ? RuleAction::Allow : RuleAction::Block;
    }
    return !is_server && is_null_address(target) ? std::optional(RuleAction::Block) : std::nullopt;
}

void read_dnsmasq(std::string_view key, std::string_view line, RuleSink& sink) {
    constexpr std::array<std::string_view, 3> kKeys{"local", "address", "server"};
    std::string_view rest = line.substr(key.size() + 1);
    const std::size_t last = rest.rfind('/');
    if (std::find(kKeys.begin(), kKeys.end(), key) == kKeys.end() || !rest.starts_with('/') ||
        last == 0) {
        sink.skip(SkipKind::Setting);
        return;
    }
    const std::string_view target = trimmed(rest.substr(last + 1));
    const auto action = dnsmasq_action(key, target);
    if (!action) {
        sink.skip(key == "address" ? SkipKind::Rewrite : SkipKind::Setting);
        return;
    }
    NameRule rule;
    rule.scope = RuleScope::WithSubdomains;
    rule.terms.action = *action;
    rule.before = std::string(key) + "=/";
    rule.after = "/" + std::string(target.substr(0, NameRule::kAroundMax - 1));
    std::string_view names = rest.substr(1, last - 1);
    while (!names.empty()) {
        take_name(take_until(names, '/'), rule, sink);
    }
}

std::string_view unquoted(std::string_view text) {
    text = trimmed(text);
    if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
        text.back() == text.front()) {
        text = text.substr(1, text.size() - 2);
    }
    return trimmed(text);
}

/// unbound.conf(5), "local-zone": which types answer by themselves.
std::optional<RuleAction> zone_action(std::string_view type) {
    constexpr std::array<std::string_view, 11> kBlocking{
        "deny",          "refuse",        "static",          "redirect",
        "always_refuse", "always_nodata", "always_nxdomain", "always_null",
        "always_deny",   "inform_deny",   "inform_redirect"};
    constexpr std::array<std::string_view, 4> kPassing{"transparent", "typetransparent",
                                                       "always_transparent", "nodefault"};
    if (std::find(kBlocking.begin(), kBlocking.end(), type) != kBlocking.end()) {
        return RuleAction::Block;
    }
    if (std::find(kPassing.begin(), kPassing.end(), type) != kPassing.end()) {
        return RuleAction::Allow;
    }
    return std::nullopt;
}

void read_local_zone(std::string_view value, RuleSink& sink) {
    std::string_view rest = value;
    const std::string_view name = unquoted(take_word(rest));
    const std::string_view type = unquoted(rest);
    const auto action = zone_action(type);
    if (!action) {
        sink.skip(SkipKind::Setting);
        return;
    }
    NameRule rule;
    rule.scope = RuleScope::WithSubdomains;
    rule.terms.action = *action;
    rule.before = "local-zone: \"";
    rule.after = "\" " + std::string(type);
    take_name(name, std::move(rule), sink);
}

/// "x A 0.0.0.0", with or without TTL and class between.
void read_local_data(std::string_view value, RuleSink& sink) {
    std::string_view rest = unquoted(value);
    const std::string_view name = take_word(rest);
    const std::size_t blank = rest.find_last_of(kBlanks);
    const std::string_view data = blank == std::string_view::npos ? rest : rest.substr(blank + 1);
    if (!is_null_address(data)) {
        sink.skip(SkipKind::Rewrite);
        return;
    }
    NameRule rule;
    rule.before = "local-data: \"";
    rule.after = (" " + std::string(rest) + "\"").substr(0, NameRule::kAroundMax);
    take_name(name, std::move(rule), sink);
}

void read_unbound(std::string_view key, std::string_view line, RuleSink& sink) {
    const std::string_view value = without_comment(line.substr(key.size() + 1));
    if (key == "local-zone") {
        read_local_zone(value, sink);
    } else if (key == "local-data") {
        read_local_data(value, sink);
    } else if (!trimmed(value).empty()) {  // "server:" only opens a section
        sink.skip(SkipKind::Setting);
    }
}

}  // namespace

bool is_dnsmasq_line(std::string_view line) {
    return dnsmasq_key(line).has_value();
}

bool is_unbound_line(std::string_view line) {
    return unbound_key(line).has_value();
}

bool is_config_line(std::string_view line) {
    return is_dnsmasq_line(line) || is_unbound_line(line);
}

void read_config_line(std::string_view line, RuleSink& sink) {
    if (const auto key = dnsmasq_key(line)) {
        read_dnsmasq(*key, without_comment(line), sink);
    } else if (const auto section = unbound_key(line)) {
        read_unbound(*section, line, sink);
    } else {
        sink.skip(SkipKind::NotUnderstood);
    }
}

}  // namespace sporvakt::trackers
