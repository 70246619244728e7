#include "firmware/answer_keys.h"

#include "core/base/assert.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include <fmt/format.h>

namespace sporvakt::firmware {
namespace {

using Mode = dns::BlockingMode::Answer;

/// A day: a rule that the owner lifts must be lifted some time.
constexpr std::int64_t kBlockingTtlMax = 86400;

struct NamedMode {
    std::string_view name;
    Mode mode;
};
constexpr std::array<NamedMode, 4> kModes{{{"null", Mode::NullAddress},
                                           {"nxdomain", Mode::NoSuchName},
                                           {"nodata", Mode::NoData},
                                           {"refused", Mode::Refused}}};

std::optional<Mode> mode_named(std::string_view name) {
    const auto* const found = std::find_if(
        kModes.begin(), kModes.end(), [name](const NamedMode& one) { return one.name == name; });
    return found == kModes.end() ? std::nullopt : std::optional(found->mode);
}

}  // namespace

void AnswerKeys::read(std::string_view key, const toml::node& value) {
    struct Known {
        std::string_view key;
        void (AnswerKeys::*read)(const toml::node& value);
    };
    static constexpr std::array<Known, 3> kKnown{{{"dns.blocking", &AnswerKeys::blocking},
                                                  {"dns.blocking_ttl", &AnswerKeys::blocking_ttl},
                                                  {"dns.canary_names", &AnswerKeys::canary_names}}};
    const auto* const known = std::find_if(kKnown.begin(), kKnown.end(),
                                           [key](const Known& one) { return one.key == key; });
    SPORVAKT_ASSERT(known != kKnown.end());
    (this->*known->read)(value);
}

void AnswerKeys::blocking(const toml::node& value) {
    if (const toml::array* const entries = value.as_array()) {
        blocking_addresses(*entries);
        return;
    }
    const auto name = value.value<std::string>();
    if (const auto mode = mode_named(name.value_or(""))) {
        dns_.answers.blocking.answer = *mode;
    } else if (!blocking_address(value)) {
        fault_(value,
               "dns.blocking must be \"null\", \"nxdomain\", \"nodata\", \"refused\", or addresses "
               "of this house: [\"192.168.1.1\", \"fd00::1\"]");
    }
}

void AnswerKeys::blocking_addresses(const toml::array& entries) {
    if (entries.empty()) {
        fault_(entries, "dns.blocking is empty; write an address, or \"null\"");
    }
    for (const toml::node& entry : entries) {
        if (!blocking_address(entry)) {
            fault_(entry,
                   "dns.blocking: every entry must be an address in quotes, at most one "
                   "IPv4 and one IPv6");
        }
    }
}

bool AnswerKeys::blocking_address(const toml::node& value) {
    const auto address = IpAddress::from_text(value.value<std::string>().value_or(""));
    if (!address) {
        return false;
    }
    dns::BlockingMode& mode = dns_.answers.blocking;
    auto& place = address->family() == IpFamily::V4 ? mode.ipv4 : mode.ipv6;
    if (place) {
        return false;
    }
    mode.answer = Mode::OwnAddress;
    place = *address;
    return true;
}

void AnswerKeys::blocking_ttl(const toml::node& value) {
    const auto* const seconds = value.as_integer();
    if (seconds == nullptr || seconds->get() < 0 || seconds->get() > kBlockingTtlMax) {
        fault_(value,
               fmt::format("dns.blocking_ttl must be seconds from 0 to {}", kBlockingTtlMax));
        return;
    }
    dns_.answers.blocking.ttl = static_cast<std::uint32_t>(seconds->get());
}

void AnswerKeys::canary_names(const toml::node& value) {
    auto& answered = dns_.answers.canary_names.answered;
    if (const auto* const all = value.as_boolean()) {
        answered.fill(all->get());
        return;
    }
    const toml::array* const entries = value.as_array();
    if (entries == nullptr) {
        fault_(value, "dns.canary_names must be true, false, or a list of the names to answer");
        return;
    }
    answered.fill(false);
    for (const toml::node& entry : *entries) {
        const auto name = entry.value<std::string>().value_or("");
        const auto* const known =
            std::find(dns::kCanaryNames.begin(), dns::kCanaryNames.end(), name);
        if (known == dns::kCanaryNames.end()) {
            fault_(entry, fmt::format("dns.canary_names: known names are {}",
                                      fmt::join(dns::kCanaryNames, ", ")));
        } else {
            answered.at(static_cast<std::size_t>(known - dns::kCanaryNames.begin())) = true;
        }
    }
}

}  // namespace sporvakt::firmware
