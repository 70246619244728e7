#include "dns/answers/local_names.h"

#include "core/base/domain_name.h"
#include "core/trackers/rule_name.h"
#include "dns/answers/device_labels.h"
#include "dns/message/answer_writer.h"
#include "dns/message/reverse_name.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sporvakt::dns {
namespace {

constexpr std::string_view kOwnLabel = "sporvakt";

/// A chain of the household's aliases that is longer leads nowhere.
constexpr int kAliasesMax = 8;

/// Of a device's IPv6 addresses the newest two: one of the house and one of the Internet.
constexpr std::size_t kDeviceIpv6Max = 2;

/// What machines look up by themselves and trust: proxies and tunnels (WPAD, ISATAP) and the
/// machine itself.  No device gets to be that by calling itself so.
bool is_reserved(std::string_view label) {
    constexpr std::array<std::string_view, 4> kReserved{"wpad", "isatap", "localhost", "local"};
    return std::find(kReserved.begin(), kReserved.end(), label) != kReserved.end();
}

bool is_link_local(const IpAddress& address) {
    const Bytes bytes = address.bytes();
    return address.family() == IpFamily::V4 ? bytes[0] == 169 && bytes[1] == 254
                                            : bytes[0] == 0xfe && (bytes[1] & 0xc0U) == 0x80;
}

/// Without the interface it is on, or outside of the device itself, nobody could use another.
bool is_usable(const IpAddress& address) {
    return !address.is_unspecified() && !address.is_loopback() && !address.is_multicast() &&
           !is_link_local(address);
}

/// Where the device can be reached now: an old address may be anybody's.
std::vector<IpAddress> current_addresses(const devices::Device& device,
                                         const devices::DeviceTable& table) {
    std::vector<IpAddress> current;
    std::size_t ipv4 = 0;
    std::size_t ipv6 = 0;
    for (const IpAddress& address : device.addresses) {  // newest first
        if (!is_usable(address) || table.owner_of(address) != device.id) {
            continue;
        }
        const bool is_wanted =
            address.family() == IpFamily::V4 ? ipv4++ == 0 : ipv6++ < kDeviceIpv6Max;
        if (is_wanted) {
            current.push_back(address);
        }
    }
    return current;
}

std::size_t mark_of(std::string_view name) {
    const auto byte = [name](std::size_t at) {
        return std::size_t{static_cast<unsigned char>(name[at])};
    };
    return (name.size() * 131U + byte(0) * 31U + byte(name.size() / 2) * 7U +
            byte(name.size() - 1) * 17U) %
           1024U;
}

std::vector<const devices::Device*> by_first_seen(const devices::DeviceTable& table) {
    std::vector<const devices::Device*> ordered;
    for (const devices::Device& device : table.devices()) {
        ordered.push_back(&device);
    }
    std::sort(ordered.begin(), ordered.end(), [](const auto* left, const auto* right) {
        return std::pair(left->first_seen, left->id) < std::pair(right->first_seen, right->id);
    });
    return ordered;
}

}  // namespace

LocalNames::LocalNames(const LocalDomain& domain, const std::vector<IpAddress>& own,
                       std::shared_ptr<const devices::DeviceTable> devices)
    : domain_(domain.name), devices_(std::move(devices)) {
    add_records(domain.records);
    hosts_.push_back({own, {}, {}, false});
    claim(std::string(kOwnLabel), hosts_.size() - 1);
    for (const IpAddress& address : own) {
        if (is_usable(address)) {  // 127.0.0.1 is localhost's
            by_address_.emplace(address, hosts_.size() - 1);
        }
    }
    add_devices();
    follow_aliases();
}

std::string LocalNames::key_of(std::string_view name) const {
    if (is_in_domain(name) && name.size() > domain_.size()) {
        const std::string_view inside = name.substr(0, name.size() - domain_.size() - 1);
        if (inside.find('.') == std::string_view::npos) {
            return std::string(inside);
        }
    }
    return std::string(name);
}

void LocalNames::add_records(const std::vector<HouseholdRecord>& records) {
    for (const HouseholdRecord& record : records) {
        hosts_.push_back({record.addresses, {}, record.alias, false});
        const std::size_t host = hosts_.size() - 1;
        const std::string key = key_of(record.name);
        claim(key, host);
        for (const IpAddress& address : record.addresses) {
            if (address.is_private() && is_usable(address)) {
                by_address_.emplace(address, host);
            }
        }
        // "a.b.home.arpa" makes b.home.arpa a name, if an empty one (RFC 8020 §2).
        if (is_in_domain(key)) {
            for (auto parent = parent_suffix(key); parent.size() > domain_.size();
                 parent = parent_suffix(parent)) {
                hosts_.emplace_back();
                claim(key_of(parent), hosts_.size() - 1);
            }
        }
    }
}

void LocalNames::add_devices() {
    if (!devices_) {
        return;
    }
    const auto ordered = by_first_seen(*devices_);
    for (const devices::Device* device : ordered) {
        by_device_.emplace(device->id, hosts_.size());
        hosts_.push_back({current_addresses(*device, *devices_), {}, {}, false});
    }
    // Before what any device says of itself: nobody takes a name that the household has given.
    for (const devices::Device* device : ordered) {
        add_labels_of(*device, device->given_name);
    }
    for (const devices::Device* device : ordered) {
        // "tv.lan": what a device thinks of its domain is not ours.
        add_labels_of(*device, device->host_name.substr(0, device->host_name.find('.')));
    }
}

void LocalNames::add_labels_of(const devices::Device& device, std::string_view name) {
    const std::size_t host = by_device_.at(device.id);
    for (const std::string& label : device_labels(name)) {
        if (!is_reserved(label)) {
            claim_numbered(label, host);
        }
    }
}

bool LocalNames::claim(const std::string& key, std::size_t host) {
    const bool is_label = key.find('.') == std::string::npos;
    // "com" as a device's name must not hide com itself.
    const bool is_bare = is_label && !trackers::has_known_ending(key);
    if (!places_.try_emplace(key, Place{host, is_bare}).second) {
        return false;
    }
    const std::string whole = is_label ? key + "." + domain_ : key;
    if (is_bare || !is_in_domain(whole)) {
        marks_.set(mark_of(key));
    }
    if (hosts_[host].name.empty()) {
        hosts_[host].name = whole;
    }
    return true;
}

void LocalNames::claim_numbered(const std::string& label, std::size_t host) {
    if (claim(label, host) || places_.find(label)->second.host == host) {
        return;
    }
    unsigned& number = next_numbers_.try_emplace(label, 2).first->second;
    for (;; ++number) {  // ends: every taken number is one of a bounded number of hosts
        const std::string ending = "-" + std::to_string(number);
        std::string numbered = label.substr(0, DomainName::kMaxLabelLength - ending.size());
        numbered += ending;
        if (claim(numbered, host)) {
            ++number;
            return;
        }
    }
}

void LocalNames::follow_aliases() {
    for (Host& host : hosts_) {
        std::string target = host.alias;
        const Host* end = &host;
        for (int step = 0; step < kAliasesMax && end != nullptr && !end->alias.empty(); ++step) {
            target = end->alias;
            const auto place = places_.find(key_of(target));
            end = place == places_.end() ? nullptr : &hosts_[place->second.host];
        }
        if (target.empty()) {
            continue;
        }
        host.is_outside = end == nullptr && !is_in_domain(target);
        host.addresses = end == nullptr ? std::vector<IpAddress>{} : end->addresses;
        // A label alone would mean nothing to a client.
        host.alias = target.find('.') == std::string::npos ? target + "." + domain_ : target;
    }
}

bool LocalNames::may_know(std::string_view name) const {
    constexpr std::string_view kReverseTree = ".arpa";
    return !name.empty() &&
           (marks_[mark_of(name)] || name.ends_with(domain_) || name.ends_with(kReverseTree));
}

bool LocalNames::is_in_domain(std::string_view name) const {
    return name.ends_with(domain_) &&
           (name.size() == domain_.size() || name[name.size() - domain_.size() - 1] == '.');
}

const LocalNames::Host* LocalNames::host_of(std::string_view name) const {
    const auto found = places_.find(name);
    if (found != places_.end()) {
        const bool is_whole = name.find('.') != std::string_view::npos;
        return is_whole || found->second.is_bare ? &hosts_[found->second.host] : nullptr;
    }
    if (!is_in_domain(name) || name.size() == domain_.size()) {
        return nullptr;
    }
    const std::string_view inside = name.substr(0, name.size() - domain_.size() - 1);
    const auto label =
        inside.find('.') == std::string_view::npos ? places_.find(inside) : places_.end();
    return label == places_.end() ? nullptr : &hosts_[label->second.host];
}

const LocalNames::Host* LocalNames::host_at(const IpAddress& address) const {
    if (const auto own = by_address_.find(address); own != by_address_.end()) {
        return &hosts_[own->second];
    }
    if (!devices_) {
        return nullptr;
    }
    const auto device = by_device_.find(devices_->owner_of(address));
    const bool is_named = device != by_device_.end() && !hosts_[device->second].name.empty();
    return is_named && is_usable(address) ? &hosts_[device->second] : nullptr;
}

std::optional<LocalAnswer> LocalNames::find(const Query& query) const {
    const std::string_view name = query.name();
    if (!may_know(name)) {
        return std::nullopt;
    }
    if (name == domain_ && !query.has_odd_label()) {
        // Whether the domain is signed is its parent's to say (RFC 8375 §4).
        return query.type() == RecordType::Ds
                   ? std::nullopt
                   : std::optional(LocalAnswer{LocalAnswer::Kind::Host, {}, {}});
    }
    const Host* const host = query.has_odd_label() ? nullptr : host_of(name);
    if (host != nullptr) {
        const auto kind = host->is_outside ? LocalAnswer::Kind::Outside : LocalAnswer::Kind::Host;
        return LocalAnswer{kind, host->addresses, host->alias};
    }
    if (is_in_domain(name)) {
        return LocalAnswer{};
    }
    const auto address = query.has_odd_label() ? std::nullopt : address_of_reverse_name(name);
    const Host* const owner = address ? host_at(*address) : nullptr;
    return owner == nullptr
               ? std::nullopt
               : std::optional(LocalAnswer{LocalAnswer::Kind::Pointer, {}, owner->name});
}

std::size_t write_local_answer(std::span<std::uint8_t> out, const Query& query,
                               const LocalAnswer& answer) {
    AnswerWriter writer(out, query);
    const RecordType type = query.type();
    if (answer.kind == LocalAnswer::Kind::NoSuchName) {
        return writer.rcode(Rcode::NxDomain).negative(kLocalTtl).finish();
    }
    if (answer.kind == LocalAnswer::Kind::Pointer) {
        return type == RecordType::Ptr
                   ? writer.pointer(WireName(answer.name).bytes(), kLocalTtl).finish()
                   : writer.negative(kLocalTtl).finish();
    }
    bool has_data = false;
    if (!answer.name.empty()) {
        writer.alias(WireName(answer.name).bytes(), kLocalTtl);
        has_data = type == RecordType::Cname;
    }
    for (const IpAddress& address : answer.addresses) {
        const bool is_v4 = address.family() == IpFamily::V4;
        if (type == (is_v4 ? RecordType::A : RecordType::Aaaa)) {
            writer.address(address, kLocalTtl);
            has_data = true;
        }
    }
    return has_data ? writer.finish() : writer.negative(kLocalTtl).finish();
}

}  // namespace sporvakt::dns
