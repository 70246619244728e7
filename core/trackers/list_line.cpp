#include "core/trackers/list_line.h"

#include "core/base/ip_address.h"
#include "core/trackers/adblock_line.h"
#include "core/trackers/config_line.h"
#include "core/trackers/rule_name.h"
#include "core/trackers/words.h"

#include <algorithm>

namespace sporvakt::trackers {
namespace {

/// The '#' of a cosmetic rule's marker: "##", "#@#", "#?#", "#$#", "#%#" and their combinations;
/// or "$$" and "$@$", AdGuard's rules for HTML.  npos without one.
std::size_t cosmetic_marker(std::string_view line) {
    for (std::size_t at = line.find('#'); at != std::string_view::npos;
         at = line.find('#', at + 1)) {
        const std::size_t end = line.find_first_not_of("@?$%", at + 1);
        if (end != std::string_view::npos && line[end] == '#') {
            return at;
        }
    }
    return std::min(line.find("$$"), line.find("$@$"));
}

/// "##.banner" hides banners, "## Banners" is a heading, "####" an ornament.
bool is_cosmetic(std::string_view line, ListFormat format) {
    const std::size_t marker = cosmetic_marker(line);
    if (marker == std::string_view::npos) {
        return false;
    }
    if (marker > 0) {
        return kBlanks.find(line[marker - 1]) == std::string_view::npos;
    }
    const std::size_t selector = line.find_first_not_of('#', line.find('#', 1));
    return format == ListFormat::Adblock && selector != std::string_view::npos &&
           kBlanks.find(line[selector]) == std::string_view::npos;
}

bool is_comment(std::string_view line, ListFormat format) {
    return line.empty() || line.front() == '!' || line.front() == ';' ||
           (line.front() == '[' && line.back() == ']') ||
           (line.front() == '#' && !is_cosmetic(line, format));
}

SkipKind kind_of(NameFault fault) {
    switch (fault) {
        case NameFault::Address:
            return SkipKind::Address;
        case NameFault::TooBroad:
            return SkipKind::TooBroad;
        case NameFault::NotAName:
            break;
    }
    return SkipKind::NotAName;
}

bool looks_like_url(std::string_view word) {
    return word.find_first_of("/?=&%") != std::string_view::npos;
}

void read_name(std::string_view word, NameRule rule, RuleSink& sink) {
    auto name = rule_name(word);
    if (name) {
        rule.name = std::move(*name);
        sink.take(rule);
    } else if (!is_own_machine(word)) {
        sink.skip(looks_like_url(word) ? SkipKind::Url : kind_of(name.error()));
    }
}

/// "0.0.0.0 x y": the machine itself, or nobody, answers for x and y.
void read_hosts(const IpAddress& address, std::string_view names, RuleSink& sink) {
    const bool blocks = address.is_unspecified() || address.is_loopback();
    NameRule rule;
    rule.before = address.text() + " ";
    while (!names.empty()) {
        const std::string_view word = take_word(names);
        if (is_own_machine(word)) {
            continue;
        }
        if (blocks) {
            read_name(word, rule, sink);
        } else {
            sink.skip(SkipKind::Rewrite);
        }
    }
}

/// Browsers' lists are full of "_ads.js" and ".banner.": pieces of URLs that look like names.
bool is_piece_of_url(std::string_view word, ListFormat format) {
    if (format != ListFormat::Adblock) {
        return false;
    }
    const auto name = rule_name(word.substr(word.starts_with('.') ? 1 : 0));
    return word.ends_with('.') || word.find('.') == std::string_view::npos ||
           (name && !has_known_ending(*name));
}

/// The one word of a plain domain or wildcard list.
void read_word(std::string_view word, ListFormat format, RuleSink& sink) {
    if (is_piece_of_url(word, format)) {
        sink.skip(SkipKind::Url);
        return;
    }
    NameRule rule;
    for (const std::string_view wildcard : {"*.", "."}) {
        if (word.starts_with(wildcard)) {
            rule.scope = RuleScope::WithSubdomains;
            rule.before = wildcard;
            word.remove_prefix(wildcard.size());
            break;
        }
    }
    read_name(word, std::move(rule), sink);
}

bool is_wildcard(std::string_view line) {
    return line.starts_with("*.") && line.find_first_of("*^$|", 1) == std::string_view::npos;
}

void read_words(std::string_view line, ListFormat format, RuleSink& sink) {
    std::string_view rest = without_comment(line);
    const std::string_view first = take_word(rest);
    if (rest.empty()) {
        read_word(first, format, sink);
        return;
    }
    if (const auto address = IpAddress::from_text(first)) {
        read_hosts(*address, rest, sink);
    } else if (!is_own_machine(take_word(rest))) {  // "fe80::1%lo0 localhost"
        sink.skip(looks_like_url(first) ? SkipKind::Url : SkipKind::NotUnderstood);
    }
}

constexpr std::array<std::string_view, kSkipKinds> kSkipTexts{
    "cosmetic rules, which change how a page looks",
    "rules about URLs, pages or apps",
    "rules for certain devices only",
    "rules that answer with something else",
    "rules about addresses",
    "names that are public suffixes",
    "words that are not host names",
    "expressions that are too long, too broad or not RE2's",
    "RPZ triggers and actions that are not about names",
    "settings that do not block",
    "lines not understood"};

}  // namespace

std::string_view list_format_text(ListFormat format) {
    constexpr std::array<std::string_view, 7> kTexts{"domains", "hosts",   "wildcard", "adblock",
                                                     "rpz",     "dnsmasq", "unbound"};
    return kTexts.at(static_cast<std::size_t>(format));
}

std::string_view skip_kind_text(SkipKind kind) {
    return kSkipTexts.at(static_cast<std::size_t>(kind));
}

void read_list_line(std::string_view line, ListFormat format, RuleSink& sink) {
    line = trimmed(line);
    if (is_comment(line, format)) {
        return;
    }
    if (is_cosmetic(line, format) || line.front() == '[') {
        sink.skip(SkipKind::Cosmetic);
    } else if (is_config_line(line)) {
        read_config_line(line, sink);
    } else if (!is_wildcard(line) && is_adblock_line(line)) {
        read_adblock_line(line, sink);
    } else {
        read_words(line, format, sink);
    }
}

}  // namespace sporvakt::trackers
