#include "firmware/answer_keys.h"

#include "core/base/assert.h"
#include "core/trackers/rule_name.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include <fmt/format.h>

namespace sporvakt::firmware {
namespace {

using Mode = dns::BlockingMode::Answer;

/// More belongs into a name server of its own.
constexpr std::size_t kRecordsMax = 1000;

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
    static constexpr std::array<Known, 6> kKnown{{{"dns.blocking", &AnswerKeys::blocking},
                                                  {"dns.blocking_ttl", &AnswerKeys::blocking_ttl},
                                                  {"dns.canary_names", &AnswerKeys::canary_names},
                                                  {"dns.strip_ech", &AnswerKeys::strip_ech},
                                                  {"dns.local_domain", &AnswerKeys::local_domain},
                                                  {"dns.record", &AnswerKeys::records}}};
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

void AnswerKeys::strip_ech(const toml::node& value) {
    const auto* const strips = value.as_boolean();
    if (strips == nullptr) {
        fault_(value, "dns.strip_ech must be true or false");
        return;
    }
    dns_.answers.encrypted_hello =
        strips->get() ? dns::EncryptedHello::Stripped : dns::EncryptedHello::PassedOn;
}

void AnswerKeys::local_domain(const toml::node& value) {
    const std::string name = name_of("dns.local_domain", value);
    if (!name.empty()) {
        dns_.local.name = name;
    }
}

void AnswerKeys::records(const toml::node& value) {
    const toml::array* const entries = value.as_array();
    if (entries == nullptr || !entries->is_homogeneous<toml::table>()) {
        fault_(value, "dns.record must be written as [[dns.record]], with its keys below");
        return;
    }
    if (entries->size() > kRecordsMax) {
        fault_(value, fmt::format("dns.record: more than {} are too many", kRecordsMax));
        return;
    }
    for (const toml::node& entry : *entries) {
        record(*entry.as_table());
    }
    for (const dns::HouseholdRecord& one : dns_.local.records) {
        if (leads_in_circles(one)) {
            fault_(value, fmt::format("dns.record: the cname of '{}' leads in circles, or through "
                                      "more than 8 others",
                                      one.name));
            return;
        }
    }
}

void AnswerKeys::record(const toml::table& entry) {
    dns::HouseholdRecord record;
    for (const auto& [key, value] : entry) {
        if (key == "name") {
            record.name = name_of("dns.record: name", value);
        } else if (key == "cname") {
            record.alias = name_of("dns.record: cname", value);
        } else if (key == "address") {
            record_addresses(value, record);
        } else {
            fault_(value, fmt::format("unknown key '{}' in [[dns.record]]; known are name, "
                                      "address, cname",
                                      key.str()));
        }
    }
    if (!entry.contains("name")) {
        fault_(entry, "dns.record: name is missing");
    }
    if (entry.contains("address") == entry.contains("cname")) {
        fault_(entry, R"(dns.record: write either address = ["..."] or cname = "...")");
    }
    auto& records = dns_.local.records;
    if (std::any_of(records.begin(), records.end(), [&](const dns::HouseholdRecord& other) {
            return !record.name.empty() && other.name == record.name;
        })) {
        fault_(entry, fmt::format("dns.record: '{}' stands there twice; put all addresses into one",
                                  record.name));
    }
    records.push_back(std::move(record));
}

void AnswerKeys::record_addresses(const toml::node& value, dns::HouseholdRecord& record) {
    constexpr std::size_t kMax = dns::HouseholdRecord::kAddressesMax;
    const toml::array* const entries = value.as_array();
    if (entries == nullptr || entries->empty() || entries->size() > kMax) {
        fault_(value, fmt::format("dns.record: address must be a list of 1 to {} addresses, "
                                  "[\"192.168.1.20\"]",
                                  kMax));
        return;
    }
    for (const toml::node& entry : *entries) {
        const auto text = entry.value<std::string>().value_or("");
        if (const auto address = IpAddress::from_text(text)) {
            record.addresses.push_back(*address);
        } else {
            fault_(entry, fmt::format("dns.record: '{}' is not an IP address", text));
        }
    }
}

bool AnswerKeys::leads_in_circles(const dns::HouseholdRecord& from) const {
    constexpr int kStepsMax = 8;
    const auto& records = dns_.local.records;
    const dns::HouseholdRecord* at = &from;
    for (int step = 0; step <= kStepsMax; ++step) {
        const auto next = std::find_if(records.begin(), records.end(), [at](const auto& record) {
            return !at->alias.empty() && record.name == at->alias;
        });
        if (next == records.end()) {
            return false;
        }
        at = &*next;
    }
    return true;
}

/// Empty after a fault.
std::string AnswerKeys::name_of(std::string_view key, const toml::node& value) {
    constexpr std::size_t kMax = dns::HouseholdRecord::kNameLengthMax;
    const auto written = value.value<std::string>().value_or("");
    const auto name = trackers::catalogue_name(written);
    if (name && name->size() <= kMax) {
        return *name;
    }
    fault_(value,
           fmt::format("{}: '{}' is not a host name of at most {} characters", key, written, kMax));
    return {};
}

}  // namespace sporvakt::firmware
