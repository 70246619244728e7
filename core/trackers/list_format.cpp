#include "core/trackers/list_format.h"

#include "core/base/ascii.h"
#include "core/base/ip_address.h"
#include "core/trackers/adblock_line.h"
#include "core/trackers/config_line.h"
#include "core/trackers/words.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace sporvakt::trackers {
namespace {

bool is_comment(std::string_view line) {
    return line.empty() || line.front() == '#' || line.front() == '!' || line.front() == ';';
}

/// What only a zone file has; its SOA goes on over lines that look like anything.
bool is_zone_signature(std::string_view line) {
    return line.starts_with("$TTL") || line.starts_with("$ORIGIN") ||
           line.find(" SOA ") != std::string_view::npos ||
           line.find("\tSOA\t") != std::string_view::npos;
}

/// A record: its class or type as a word of its own, with something behind.
bool is_zone_line(std::string_view line) {
    std::string_view rest = line;
    take_word(rest);  // the owner
    while (!rest.empty()) {
        const std::string word = lowered(take_word(rest));
        if (!rest.empty() && (word == "cname" || word == "in")) {
            return true;
        }
    }
    return false;
}

std::optional<ListFormat> format_of(std::string_view line) {
    if (is_comment(line)) {
        // "##.banner" is as good as a signature; "[Adblock Plus 2.0]" ends up below.
        const bool is_cosmetic = line.starts_with("##.") || line.starts_with("###");
        return is_cosmetic && line.find_first_of(kBlanks) == std::string_view::npos &&
                       line.find_first_not_of('#') != std::string_view::npos
                   ? std::optional(ListFormat::Adblock)
                   : std::nullopt;
    }
    if (is_dnsmasq_line(line)) {
        return ListFormat::Dnsmasq;
    }
    if (is_unbound_line(line)) {
        return ListFormat::Unbound;
    }
    std::string_view rest = line;
    if (IpAddress::from_text(take_word(rest)) && !rest.empty()) {
        return ListFormat::Hosts;
    }
    if (is_zone_line(line)) {
        return ListFormat::Rpz;
    }
    if (line.starts_with('.') || line.starts_with("*.")) {
        return ListFormat::Wildcard;
    }
    const bool is_adblock =
        is_adblock_line(line) || line.front() == '[' || line.find("##") != std::string_view::npos;
    return is_adblock ? ListFormat::Adblock : ListFormat::Domains;
}

}  // namespace

ListFormat guess_format(std::string_view beginning) {
    std::array<std::size_t, 7> votes{};
    while (!beginning.empty()) {
        const std::string_view line = trimmed(take_until(beginning, '\n'));
        if (is_zone_signature(line) && !is_comment(line)) {
            return ListFormat::Rpz;
        }
        if (const auto format = format_of(line)) {
            ++votes.at(static_cast<std::size_t>(*format));
        }
    }
    // A tie goes to the first of the formats, Domains: nothing at all is a tie.
    const auto* const most = std::max_element(votes.begin(), votes.end());
    return ListFormat{static_cast<std::uint8_t>(most - votes.begin())};
}

}  // namespace sporvakt::trackers
