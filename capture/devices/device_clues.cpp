#include "capture/devices/device_clues.h"

#include "capture/devices/dhcp_message.h"
#include "capture/devices/mdns_message.h"
#include "capture/devices/ssdp_message.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace sporvakt::capture {
namespace {

constexpr std::uint16_t kPortDhcpServer = 67;
constexpr std::uint16_t kPortDhcpClient = 68;
constexpr std::uint16_t kPortDhcp6Server = 547;
constexpr std::uint16_t kPortMdns = 5353;
constexpr std::uint16_t kPortSsdp = 1900;
constexpr std::uint8_t kHopLimitOnLink = 255;  // a router would have taken one off (RFC 4861 §7.1)

bool is_usable(const IpAddress& address) {
    return !address.is_unspecified() && !address.is_multicast() && !address.is_loopback();
}

bool is_link_local(const IpAddress& address) {
    return address.is_private() && address.family() == IpFamily::V6 && address.bytes()[0] == 0xfe;
}

/// Whether a message that names these addresses may come from this source.  It need not name any,
/// nor any of the same kind: many devices announce IPv4 alone over both.
bool speaks_for_itself(const std::vector<IpAddress>& named, const IpAddress& source) {
    bool names_others = false;
    for (const IpAddress& address : named) {
        if (address == source) {
            return true;
        }
        names_others |=
            address.family() == source.family() && is_link_local(address) == is_link_local(source);
    }
    return !names_others;
}

/// Not so when the clock was set back in between.
bool is_recent(Timestamp noted, Timestamp now) {
    return noted <= now && now - noted < DeviceClues::kRepeatInterval;
}

}  // namespace

DeviceClues::DeviceClues(const std::vector<MacAddress>& gateways, ledger::SightingSink& sink)
    : sink_(sink), addresses_(kAddressSlots), names_(kNameSlots) {
    std::for_each(gateways.begin(), gateways.end(),
                  [this](const MacAddress& mac) { learn_gateway(mac); });
}

void DeviceClues::read(const Frame& frame) {
    if (!frame.source_mac || frame.source_mac->is_group()) {
        return;
    }
    if (frame.ethertype == kEthertypeArp) {
        read_arp(frame);
        return;
    }
    if (!frame.has_ip) {
        return;
    }
    if (frame.protocol == kProtocolIcmpv6 && frame.hop_limit == kHopLimitOnLink) {
        read_neighbour_discovery(frame);
    } else if (frame.is_udp()) {
        read_udp(frame);
    }
    read_source(frame);
}

void DeviceClues::read_arp(const Frame& frame) {
    const auto arp = parse_arp(frame.network);
    // Somebody who speaks for another MAC is a spoofer, or a bridge whose word counts for less.
    if (arp && arp->sender == *frame.source_mac && arp->sender_address) {
        note_address(frame.at, arp->sender, *arp->sender_address);
    }
}

void DeviceClues::read_neighbour_discovery(const Frame& frame) {
    const auto parsed = parse_neighbour_message(frame.payload, frame.source);
    if (frame.fragment || !parsed || !*parsed) {
        return;  // fragments: RFC 6980 §5
    }
    const NeighbourMessage& message = **parsed;
    if (message.mac.value_or(*frame.source_mac) != *frame.source_mac) {
        return;
    }
    if (message.is_router) {
        learn_gateway(*frame.source_mac);
    }
    for (const LinkPrefix& prefix : message.on_link) {
        learn_prefix(prefix);
    }
    if (message.address) {
        note_address(frame.at, *frame.source_mac, *message.address);
    }
}

void DeviceClues::read_udp(const Frame& frame) {
    const std::uint16_t to = frame.destination_port;
    const std::uint16_t from = frame.source_port;
    const bool is_dhcp = (from == kPortDhcpClient && to == kPortDhcpServer) ||
                         (from == kPortDhcpServer && to == kPortDhcpClient);
    if (is_dhcp) {
        read_dhcp(frame);
    } else if (to == kPortDhcp6Server) {
        read_dhcp6(frame);
    } else if (from == kPortMdns && is_on_link(frame.source)) {
        read_mdns(frame);
    } else if ((from == kPortSsdp || to == kPortSsdp) && is_on_link(frame.source)) {
        read_ssdp(frame);
    }
}

void DeviceClues::read_dhcp(const Frame& frame) {
    const auto message = parse_dhcp(frame.payload);
    if (!message || message->is_relayed || message->client.is_group()) {
        return;
    }
    if (message->kind == DhcpMessage::Kind::Ack) {
        if (const auto address = message->your_address) {
            note_address(frame.at, message->client, *address);
        }
        return;
    }
    if (message->kind != DhcpMessage::Kind::Question || message->client != *frame.source_mac) {
        return;
    }
    if (message->client_address) {
        note_address(frame.at, message->client, *message->client_address);
    }
    devices::DeviceClue clue;
    clue.at = frame.at;
    clue.device = devices::DeviceId(message->client);
    clue.host_name = message->host_name;
    clue.vendor_class = message->vendor_class;
    note_names(std::move(clue));
}

void DeviceClues::read_dhcp6(const Frame& frame) {
    const auto host_name = parse_dhcp6_host_name(frame.payload);
    if (host_name && *host_name && is_link_local(frame.source)) {
        devices::DeviceClue clue;
        clue.at = frame.at;
        clue.device = devices::DeviceId(*frame.source_mac);
        clue.host_name = **host_name;
        note_names(std::move(clue));
    }
}

void DeviceClues::read_mdns(const Frame& frame) {
    auto announcement = parse_mdns(frame.payload);
    if (!announcement || !speaks_for_itself(announcement->addresses, frame.source)) {
        return;
    }
    devices::DeviceClue clue;
    clue.at = frame.at;
    clue.device = devices::DeviceId(*frame.source_mac);
    for (std::string& service : announcement->services) {
        clue.service = std::move(service);
        note_names(clue);
    }
    clue.service.clear();
    clue.announced_name = std::move(announcement->name);
    clue.model = std::move(announcement->model);
    note_names(std::move(clue));
}

void DeviceClues::read_ssdp(const Frame& frame) {
    auto announcement = parse_ssdp(frame.payload);
    if (announcement) {
        devices::DeviceClue clue;
        clue.at = frame.at;
        clue.device = devices::DeviceId(*frame.source_mac);
        clue.model = std::move(announcement->product);
        clue.service = std::move(announcement->type);
        note_names(std::move(clue));
    }
}

void DeviceClues::read_source(const Frame& frame) {
    if (!is_usable(frame.source)) {
        return;
    }
    if (is_on_link(frame.source)) {
        if (!is_gateway(*frame.source_mac)) {
            note_address(frame.at, *frame.source_mac, frame.source);
        }
    } else if (frame.source.family() == IpFamily::V4) {
        // An address of the Internet from a neighbour's MAC: it forwards.  Not so for IPv6, where
        // every device has such an address, and its prefix may not have been announced yet.
        learn_gateway(*frame.source_mac);
    }
}

void DeviceClues::learn_gateway(const MacAddress& mac) {
    if (!is_gateway(mac) && gateways_.size() < kGatewayCountMax) {
        gateways_.push_back(mac);
    }
}

void DeviceClues::learn_prefix(const LinkPrefix& prefix) {
    const bool is_known = std::find(prefixes_.begin(), prefixes_.end(), prefix) != prefixes_.end();
    if (!is_known && prefixes_.size() < kPrefixesKeptMax) {
        prefixes_.push_back(prefix);
    }
}

bool DeviceClues::is_gateway(const MacAddress& mac) const {
    return std::find(gateways_.begin(), gateways_.end(), mac) != gateways_.end();
}

bool DeviceClues::is_on_link(const IpAddress& address) const {
    return address.is_private() ||
           std::any_of(prefixes_.begin(), prefixes_.end(),
                       [&](const LinkPrefix& prefix) { return prefix.contains(address); });
}

void DeviceClues::note_address(Timestamp at, const MacAddress& mac, const IpAddress& address) {
    if (!is_usable(address)) {
        return;
    }
    AddressSlot& slot = addresses_[std::hash<IpAddress>{}(address) % kAddressSlots];
    const bool is_known = slot.address == address && slot.mac == mac;
    if (is_known && is_recent(slot.noted, at)) {
        return;
    }
    slot = {address, mac, at};
    devices::DeviceClue clue;
    clue.at = at;
    clue.device = devices::DeviceId(mac);
    clue.address = address;
    note(std::move(clue));
}

void DeviceClues::note_names(devices::DeviceClue clue) {
    std::string said;
    for (const auto text : devices::kClueTexts) {
        said.append(clue.*text).push_back('\0');
    }
    if (said.size() == devices::kClueTexts.size()) {
        return;  // nothing
    }
    said += clue.device.text();
    if (!is_repeated(said, clue.at)) {
        note(std::move(clue));
    }
}

void DeviceClues::note_bypass(Timestamp at, const devices::DeviceId& device, devices::Bypass kind,
                              std::string_view server) {
    // Whatever the server: one that asks many of them says nothing new.
    if (is_repeated(std::string(devices::bypass_text(kind)) + device.text(), at)) {
        return;
    }
    devices::DeviceClue clue;
    clue.at = at;
    clue.device = device;
    clue.bypass = kind;
    clue.bypass_server = server;
    note(std::move(clue));
}

bool DeviceClues::is_repeated(const std::string& said, Timestamp at) {
    const std::uint64_t hash = std::hash<std::string>{}(said);
    NameSlot& slot = names_[hash % kNameSlots];
    if (slot.hash == hash && is_recent(slot.noted, at)) {
        return true;
    }
    slot = {hash, at};
    return false;
}

void DeviceClues::note(devices::DeviceClue clue) {
    const auto second = floor<std::chrono::seconds>(clue.at);
    if (second != second_) {
        second_ = second;
        noted_in_second_ = 0;
    }
    if (noted_in_second_ == kCluesPerSecondMax) {
        ++held_back_;
        return;
    }
    ++noted_in_second_;
    sink_.note(std::move(clue));
}

}  // namespace sporvakt::capture
