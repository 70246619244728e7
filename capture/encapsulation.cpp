#include "capture/encapsulation.h"

#include <algorithm>
#include <array>

namespace sporvakt::capture {
namespace {

constexpr std::uint16_t kEthertypeOfIpv6 = 0x86dd;

std::optional<Encapsulated> vxlan(Bytes payload) {
    constexpr std::size_t kHeader = 8;
    constexpr std::uint8_t kValidNetwork = 0x08;  // RFC 7348 §5: the I flag, all others zero
    if (payload.size() < kHeader || payload[0] != kValidNetwork) {
        return std::nullopt;
    }
    return Encapsulated{kHeader, kEthertypeBridging};
}

/// Options are counted in fours (RFC 8926 §3.4).
std::optional<Encapsulated> geneve(Bytes payload) {
    constexpr std::size_t kHeader = 8;
    constexpr unsigned kOptionsMask = 0x3f;
    if (payload.size() < kHeader || payload[0] >> 6U != 0) {
        return std::nullopt;
    }
    const std::size_t offset = kHeader + std::size_t{4} * (payload[0] & kOptionsMask);
    if (offset > payload.size()) {
        return std::nullopt;
    }
    return Encapsulated{offset, static_cast<std::uint16_t>((payload[2] << 8U) | payload[3])};
}

bool begins_with_indication(Bytes bytes, std::uint8_t type) {
    return bytes.size() >= 4 && bytes[0] == 0 && bytes[1] == type;
}

/// IPv6 behind what proves who sends and tells the client's mapped address (RFC 4380 §5.1.1).
std::optional<Encapsulated> teredo(Bytes payload) {
    constexpr std::size_t kOrigin = 8;
    constexpr std::size_t kAuthenticationMin = 13;
    constexpr std::size_t kIpv6Header = 40;
    std::size_t offset = 0;
    if (begins_with_indication(payload, 1)) {
        offset = kAuthenticationMin + payload[2] + payload[3];
    }
    if (offset <= payload.size() && begins_with_indication(payload.subspan(offset), 0)) {
        offset += kOrigin;
    }
    if (offset > payload.size() || payload.size() - offset < kIpv6Header ||
        payload[offset] >> 4U != 6) {
        return std::nullopt;
    }
    return Encapsulated{offset, kEthertypeOfIpv6, TunnelEnds::Devices};
}

}  // namespace

std::optional<Encapsulated> encapsulated_in_udp(std::uint16_t source_port,
                                                std::uint16_t destination_port, Bytes payload) {
    switch (destination_port) {
        case kVxlanPort:
        case kLinuxVxlanPort:
            return vxlan(payload);
        case kGenevePort:
            return geneve(payload);
        default:
            break;
    }
    const bool is_teredo = destination_port == kTeredoPort || source_port == kTeredoPort;
    return is_teredo ? teredo(payload) : std::nullopt;
}

Parsed<LoggedPacket> parse_nflog(Bytes bytes) {
    constexpr std::uint16_t kHardwareAddress = 8;
    constexpr std::uint16_t kPayload = 9;
    constexpr std::size_t kFieldHeader = 4;
    ByteReader reader(bytes);
    SPORVAKT_TRY(reader.take(4));  // family, version, resource
    LoggedPacket packet;
    while (true) {
        const Bytes header = SPORVAKT_TRY(reader.take(kFieldHeader));
        const std::size_t length = header[0] | std::size_t{header[1]} << 8U;
        const auto type = static_cast<std::uint16_t>(header[2] | header[3] << 8U);
        if (length < kFieldHeader) {
            return tl::unexpected(ParseError::Malformed);
        }
        if (type == kPayload) {
            packet.offset = bytes.size() - reader.remaining();
            packet.length = length - kFieldHeader;
            return packet;
        }
        const Bytes value = SPORVAKT_TRY(reader.take(length - kFieldHeader));
        std::array<std::uint8_t, MacAddress::kLength> mac{};
        const bool is_mac = type == kHardwareAddress && value.size() >= 4 + mac.size() &&
                            value[0] == 0 && value[1] == mac.size();
        if (is_mac) {
            std::copy_n(value.begin() + 4, mac.size(), mac.begin());
            packet.source_mac = MacAddress(mac);
        }
        SPORVAKT_TRY(reader.take((4 - length % 4) % 4));
    }
}

}  // namespace sporvakt::capture
