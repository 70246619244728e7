#include "dns/answers/special_names.h"

#include "dns/message/answer_writer.h"

#include <algorithm>
#include <array>

namespace sporvakt::dns {
namespace {

constexpr std::uint32_t kTtl = 3600;

struct Zone {
    std::string_view apex;
    SpecialAnswer at_apex = SpecialAnswer::NoData;
    SpecialAnswer below = SpecialAnswer::NoSuchName;
};

constexpr std::array<Zone, 6> kTopZones{{
    {"localhost", SpecialAnswer::Loopback, SpecialAnswer::Loopback},  // RFC 6761 §6.3
    {"invalid", SpecialAnswer::NoSuchName},                           // RFC 6761 §6.4
    {"test", SpecialAnswer::NoSuchName},                              // RFC 6761 §6.2
    {"onion", SpecialAnswer::NoSuchName},                             // RFC 7686 §2
    {"local", SpecialAnswer::NoSuchName},                             // RFC 6762 §22.1
    {"alt", SpecialAnswer::NoSuchName},                               // RFC 9476 §2
}};

constexpr std::array<Zone, 35> kArpaZones{{
    {"home.arpa"},                                                    // RFC 8375 §4
    {"resolver.arpa", SpecialAnswer::NoData, SpecialAnswer::NoData},  // RFC 9462 §6.4
    {"ipv4only.arpa", SpecialAnswer::Ipv4Only},                       // RFC 8880 §7.1
    {"1.0.0.127.in-addr.arpa", SpecialAnswer::LoopbackPointer},       // before its parent
    {"127.in-addr.arpa"},                                             // RFC 6303 §4.2
    {"0.in-addr.arpa"},
    {"10.in-addr.arpa"},  // RFC 6303 §4.1
    {"168.192.in-addr.arpa"},
    {"16.172.in-addr.arpa"},
    {"17.172.in-addr.arpa"},
    {"18.172.in-addr.arpa"},
    {"19.172.in-addr.arpa"},
    {"20.172.in-addr.arpa"},
    {"21.172.in-addr.arpa"},
    {"22.172.in-addr.arpa"},
    {"23.172.in-addr.arpa"},
    {"24.172.in-addr.arpa"},
    {"25.172.in-addr.arpa"},
    {"26.172.in-addr.arpa"},
    {"27.172.in-addr.arpa"},
    {"28.172.in-addr.arpa"},
    {"29.172.in-addr.arpa"},
    {"30.172.in-addr.arpa"},
    {"31.172.in-addr.arpa"},
    {"254.169.in-addr.arpa"},
    {"2.0.192.in-addr.arpa"},
    {"100.51.198.in-addr.arpa"},
    {"113.0.203.in-addr.arpa"},
    {"255.255.255.255.in-addr.arpa"},
    {"d.f.ip6.arpa"},    // RFC 6303 §4.4
    {"8.e.f.ip6.arpa"},  // RFC 6303 §4.5
    {"9.e.f.ip6.arpa"},
    {"a.e.f.ip6.arpa"},
    {"b.e.f.ip6.arpa"},
    {"8.b.d.0.1.0.0.2.ip6.arpa"},  // RFC 6303 §4.6
}};

// "::" and "::1" (RFC 6303 §4.3): 31 zero nibbles behind the last one.
constexpr std::string_view kZeroNibbles =
    ".0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa";

std::optional<SpecialAnswer> in_zone(std::string_view name, const Zone& zone) {
    if (!name.ends_with(zone.apex)) {
        return std::nullopt;
    }
    if (name.size() == zone.apex.size()) {
        return zone.at_apex;
    }
    const bool is_label_border = name[name.size() - zone.apex.size() - 1] == '.';
    return is_label_border ? std::optional(zone.below) : std::nullopt;
}

// 64.100.in-addr.arpa .. 127.100.in-addr.arpa: shared address space (RFC 7793 §3).
bool is_shared_address_zone(std::string_view name) {
    constexpr std::string_view kSuffix = ".100.in-addr.arpa";
    if (!name.ends_with(kSuffix)) {
        return false;
    }
    name.remove_suffix(kSuffix.size());
    const std::string_view octet = name.substr(name.rfind('.') + 1);
    if (octet.empty() || octet.size() > 3 ||
        !std::all_of(octet.begin(), octet.end(), [](char c) { return c >= '0' && c <= '9'; })) {
        return false;
    }
    unsigned value = 0;
    for (const char digit : octet) {
        value = value * 10 + static_cast<unsigned>(digit - '0');
    }
    return octet[0] != '0' && value >= 64 && value <= 127;
}

bool is_arpa_apex(std::string_view name) {
    return std::any_of(kArpaZones.begin(), kArpaZones.end(),
                       [name](const Zone& zone) { return zone.apex == name; });
}

std::optional<SpecialAnswer> special_arpa(std::string_view name) {
    if (name.size() == kZeroNibbles.size() + 1 && name.ends_with(kZeroNibbles)) {
        if (name[0] == '1') {
            return SpecialAnswer::LoopbackPointer;
        }
        return name[0] == '0' ? std::optional(SpecialAnswer::NoSuchName) : std::nullopt;
    }
    if (is_shared_address_zone(name)) {
        return SpecialAnswer::NoSuchName;
    }
    for (const Zone& zone : kArpaZones) {
        if (const auto answer = in_zone(name, zone)) {
            return answer;
        }
    }
    return std::nullopt;
}

// In the order of kCanaryNames.
constexpr std::array<SpecialAnswer, kCanaryNames.size()> kCanaryAnswers{
    SpecialAnswer::NoSuchName,  // Mozilla: any negative answer switches its own DoH off
    SpecialAnswer::NoData,      // Apple: Private Relay off, without a delay
    SpecialAnswer::NoData};

std::optional<SpecialAnswer> canary(std::string_view name, const CanaryNames& canary_names) {
    for (std::size_t at = 0; at < kCanaryNames.size(); ++at) {
        if (name == kCanaryNames[at]) {
            return canary_names.answered[at] ? std::optional(kCanaryAnswers[at]) : std::nullopt;
        }
    }
    return std::nullopt;
}

}  // namespace

bool is_canary_name(std::string_view name) {
    return std::find(kCanaryNames.begin(), kCanaryNames.end(), name) != kCanaryNames.end();
}

std::optional<SpecialAnswer> special_answer(std::string_view name, RecordType type,
                                            const CanaryNames& canary_names) {
    const std::string_view top = name.substr(name.rfind('.') + 1);
    if (top == "arpa") {
        const auto answer = special_arpa(name);
        const bool is_parents = type == RecordType::Ds && answer && is_arpa_apex(name);
        return is_parents ? std::nullopt : answer;
    }
    if (top == "net" || top == "com") {
        return canary(name, canary_names);
    }
    // By the top label alone: every name that is not special comes by here.
    const auto* const zone = std::find_if(kTopZones.begin(), kTopZones.end(),
                                          [top](const Zone& known) { return known.apex == top; });
    if (zone == kTopZones.end()) {
        return std::nullopt;
    }
    return name.size() == top.size() ? zone->at_apex : zone->below;
}

std::size_t write_special_answer(std::span<std::uint8_t> out, const Query& query,
                                 SpecialAnswer answer) {
    AnswerWriter writer(out, query);
    const RecordType type = query.type();
    if (answer == SpecialAnswer::NoSuchName) {
        return writer.rcode(Rcode::NxDomain).negative(kTtl).finish();
    }
    if (answer == SpecialAnswer::Loopback && type == RecordType::A) {
        constexpr std::array<std::uint8_t, 4> kLoopback{127, 0, 0, 1};
        return writer.address(*IpAddress::from_bytes(kLoopback), kTtl).finish();
    }
    if (answer == SpecialAnswer::Loopback && type == RecordType::Aaaa) {
        constexpr std::array<std::uint8_t, 16> kLoopback{0, 0, 0, 0, 0, 0, 0, 0,
                                                         0, 0, 0, 0, 0, 0, 0, 1};
        return writer.address(*IpAddress::from_bytes(kLoopback), kTtl).finish();
    }
    if (answer == SpecialAnswer::LoopbackPointer && type == RecordType::Ptr) {
        constexpr std::array<std::uint8_t, 11> kLocalhost{9,   'l', 'o', 'c', 'a', 'l',
                                                          'h', 'o', 's', 't', 0};
        return writer.pointer(kLocalhost, kTtl).finish();
    }
    if (answer == SpecialAnswer::Ipv4Only && type == RecordType::A) {
        constexpr std::array<std::uint8_t, 4> kFirst{192, 0, 0, 170};
        constexpr std::array<std::uint8_t, 4> kSecond{192, 0, 0, 171};
        writer.address(*IpAddress::from_bytes(kFirst), kTtl);
        return writer.address(*IpAddress::from_bytes(kSecond), kTtl).finish();
    }
    return writer.negative(kTtl).finish();
}

}  // namespace sporvakt::dns
