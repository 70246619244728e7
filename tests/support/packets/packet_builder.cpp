#include "tests/support/packets/packet_builder.h"

#include "core/base/byte_writer.h"

namespace sporvakt::test {
namespace {

Octets address(std::string_view text) {
    const auto parsed = *IpAddress::from_text(text);
    return {parsed.bytes().begin(), parsed.bytes().end()};
}

Octets mac(std::string_view text) {
    const auto parsed = *MacAddress::from_text(text);
    return {parsed.bytes().begin(), parsed.bytes().end()};
}

std::uint16_t length16(std::size_t length) {
    return static_cast<std::uint16_t>(length);
}

}  // namespace

Octets octets(std::string_view text) {
    return {text.begin(), text.end()};
}

Octets operator+(Octets left, const Octets& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

Octets from_hex(std::string_view hex) {
    const auto digit = [](char c) {
        return static_cast<std::uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10);
    };
    Octets bytes;
    for (std::size_t at = 0; at + 1 < hex.size(); at += 2) {
        bytes.push_back(static_cast<std::uint8_t>(digit(hex[at]) * 16 + digit(hex[at + 1])));
    }
    return bytes;
}

Octets ethernet(std::uint16_t ethertype, const Octets& payload, const MacPair& macs) {
    ByteWriter out;
    out.bytes(mac(macs.destination)).bytes(mac(macs.source)).u16(ethertype).bytes(payload);
    return out.result();
}

Octets vlan(std::uint16_t ethertype, const Octets& payload) {
    ByteWriter out;
    out.u16(7).u16(ethertype).bytes(payload);
    return out.result();
}

Octets pppoe(std::uint16_t ppp_protocol, const Octets& payload) {
    ByteWriter out;
    out.u8(0x11).u8(0).u16(0x42).u16(length16(payload.size() + 2)).u16(ppp_protocol).bytes(payload);
    return out.result();
}

Octets ipv4(const IpFields& fields, const Octets& payload) {
    const unsigned part = (fields.fragment_offset / 8U) | (fields.more_fragments ? 0x2000U : 0U);
    ByteWriter out;
    out.u8(0x45).u8(0).u16(length16(payload.size() + 20)).u16(fields.id).u16(length16(part));
    out.u8(64).u8(fields.protocol).u16(0);
    out.bytes(address(fields.source)).bytes(address(fields.destination)).bytes(payload);
    return out.result();
}

Octets ipv6(const IpFields& fields, const Octets& payload) {
    ByteWriter out;
    out.u32(0x60000000).u16(length16(payload.size())).u8(fields.protocol).u8(255);
    out.bytes(address(fields.source)).bytes(address(fields.destination)).bytes(payload);
    return out.result();
}

Octets tcp(const TcpFields& fields, const Octets& payload) {
    ByteWriter out;
    out.u16(fields.source_port).u16(fields.destination_port).u32(fields.sequence);
    out.u32(fields.acknowledgement);
    out.u8(0x50).u8(fields.flags).u16(64240).u16(0).u16(0).bytes(payload);
    return out.result();
}

Octets udp(const Ports& ports, const Octets& payload) {
    ByteWriter out;
    out.u16(ports.source).u16(ports.destination).u16(length16(payload.size() + 8)).u16(0);
    out.bytes(payload);
    return out.result();
}

capture::Packet packet(const Octets& bytes, Timestamp at, capture::LinkType link) {
    return {at, link, bytes, static_cast<std::uint32_t>(bytes.size())};
}

}  // namespace sporvakt::test
