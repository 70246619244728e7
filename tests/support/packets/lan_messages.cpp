#include "tests/support/packets/lan_messages.h"

#include "core/base/byte_writer.h"

#include <algorithm>

namespace sporvakt::test {
namespace {

constexpr std::uint16_t kClassInternet = 1;

Octets joined(const std::vector<Octets>& parts) {
    Octets whole;
    for (const Octets& part : parts) {
        whole.insert(whole.end(), part.begin(), part.end());
    }
    return whole;
}

std::uint16_t count(const std::vector<Octets>& section) {
    return static_cast<std::uint16_t>(section.size());
}

}  // namespace

Octets address_octets(std::string_view address) {
    const auto parsed = IpAddress::from_text(address);
    return {parsed->bytes().begin(), parsed->bytes().end()};
}

Octets mac_octets(std::string_view mac) {
    const auto parsed = MacAddress::from_text(mac);
    return {parsed->bytes().begin(), parsed->bytes().end()};
}

Octets arp(const ArpFields& fields) {
    return ByteWriter()
        .u16(1)
        .u16(0x0800)
        .u8(6)
        .u8(4)
        .u16(fields.operation)
        .bytes(mac_octets(fields.sender))
        .bytes(address_octets(fields.sender_address))
        .bytes(mac_octets(fields.target))
        .bytes(address_octets(fields.target_address))
        .result();
}

Octets dhcp_option(std::uint8_t code, const Octets& value) {
    return ByteWriter().u8(code).u8(static_cast<std::uint8_t>(value.size())).bytes(value).result();
}

Octets dhcp(const DhcpFields& fields, const Octets& options) {
    constexpr std::size_t kServerNameBytes = 64;
    constexpr std::size_t kFileBytes = 128;
    Octets file = octets(fields.file);
    file.resize(kFileBytes);
    return ByteWriter()
        .u8(fields.operation)
        .u8(1)  // Ethernet
        .u8(6)
        .u8(0)
        .u32(0x5eed0001)  // transaction
        .u32(0)           // seconds, flags
        .bytes(address_octets(fields.client_address))
        .bytes(address_octets(fields.your_address))
        .u32(0)  // next server
        .bytes(address_octets(fields.relay))
        .bytes(mac_octets(fields.client))
        .bytes(Octets(10))  // the rest of the hardware address field
        .bytes(Octets(kServerNameBytes))
        .bytes(file)
        .u32(0x63825363)
        .bytes(options)
        .u8(255)
        .result();
}

Octets dns_name(const std::vector<std::string_view>& labels) {
    ByteWriter writer;
    for (const std::string_view label : labels) {
        writer.u8(static_cast<std::uint8_t>(label.size())).text(label);
    }
    return writer.u8(0).result();
}

Octets dns_host(std::string_view name) {
    std::vector<std::string_view> labels;
    while (!name.empty()) {
        labels.push_back(name.substr(0, name.find('.')));
        name.remove_prefix(std::min(name.size(), labels.back().size() + 1));
    }
    return dns_name(labels);
}

Octets dns_record(const Octets& owner, std::uint16_t type, std::uint32_t ttl, const Octets& data) {
    return ByteWriter()
        .bytes(owner)
        .u16(type)
        .u16(kClassInternet)
        .u32(ttl)
        .u16(static_cast<std::uint16_t>(data.size()))
        .bytes(data)
        .result();
}

Octets dns_message(const DnsSections& sections) {
    return ByteWriter()
        .u16(sections.id)
        .u16(sections.flags)
        .u16(count(sections.questions))
        .u16(count(sections.answers))
        .u16(count(sections.authorities))
        .u16(count(sections.additionals))
        .bytes(joined(sections.questions))
        .bytes(joined(sections.answers))
        .bytes(joined(sections.authorities))
        .bytes(joined(sections.additionals))
        .result();
}

Octets neighbour_solicitation(std::string_view target, const Octets& options) {
    return ByteWriter()
        .u8(135)
        .u8(0)
        .u16(0)
        .u32(0)
        .bytes(address_octets(target))
        .bytes(options)
        .result();
}

Octets neighbour_advertisement(std::string_view target, const Octets& options) {
    return ByteWriter()
        .u8(136)
        .u8(0)
        .u16(0)
        .u32(0x60000000)
        .bytes(address_octets(target))
        .bytes(options)
        .result();
}

Octets router_solicitation(const Octets& options) {
    return ByteWriter().u8(133).u8(0).u16(0).u32(0).bytes(options).result();
}

Octets router_advertisement(std::uint16_t lifetime_seconds, const Octets& options) {
    return ByteWriter()
        .u8(134)
        .u8(0)
        .u16(0)
        .u8(64)
        .u8(0)
        .u16(lifetime_seconds)
        .u64(0)
        .bytes(options)
        .result();
}

Octets link_address_option(std::uint8_t type, std::string_view mac) {
    return ByteWriter().u8(type).u8(1).bytes(mac_octets(mac)).result();
}

Octets prefix_option(std::string_view prefix, std::uint8_t length, std::uint8_t flags) {
    return ByteWriter()
        .u8(3)
        .u8(4)
        .u8(length)
        .u8(flags)
        .u32(86400)  // valid
        .u32(14400)  // preferred
        .u32(0)
        .bytes(address_octets(prefix))
        .result();
}

}  // namespace sporvakt::test
