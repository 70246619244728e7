#include "capture/devices/neighbour_message.h"

#include <algorithm>

namespace sporvakt::capture {
namespace {

constexpr std::uint16_t kHardwareEthernet = 1;
constexpr std::uint16_t kProtocolIpv4 = 0x0800;
constexpr std::size_t kV4Length = 4;
constexpr std::size_t kV6Length = 16;

enum class Type : std::uint8_t {
    RouterSolicitation = 133,
    RouterAdvertisement = 134,
    NeighbourSolicitation = 135,
    NeighbourAdvertisement = 136,
};

// RFC 4861 §4.6
constexpr std::uint8_t kOptionSourceMac = 1;
constexpr std::uint8_t kOptionTargetMac = 2;
constexpr std::uint8_t kOptionPrefix = 3;
constexpr std::size_t kOptionUnit = 8;
constexpr std::uint8_t kPrefixOnLink = 0x80;

std::optional<IpAddress> specified(const IpAddress& address) {
    return address.is_unspecified() ? std::nullopt : std::optional(address);
}

/// RFC 4861 §4.6.2, behind the option's type and length.
Parsed<std::optional<LinkPrefix>> parse_prefix(Bytes option) {
    ByteReader reader(option);
    const std::uint8_t length = SPORVAKT_TRY(reader.u8());
    const std::uint8_t flags = SPORVAKT_TRY(reader.u8());
    SPORVAKT_TRY(reader.take(12));  // lifetimes and a reserved field
    const auto address = SPORVAKT_TRY(IpAddress::from_bytes(SPORVAKT_TRY(reader.take(kV6Length))));
    // A short prefix would make everybody's address one of this house.
    constexpr std::uint8_t kShortestLength = 32;
    if ((flags & kPrefixOnLink) == 0 || length < kShortestLength || length > 8 * kV6Length ||
        address.family() != IpFamily::V6) {
        return std::nullopt;
    }
    return LinkPrefix{address, length};
}

Parsed<void> read_options(ByteReader reader, NeighbourMessage& message) {
    while (!reader.at_end()) {
        const std::uint8_t type = SPORVAKT_TRY(reader.u8());
        const std::size_t units = SPORVAKT_TRY(reader.u8());
        if (units == 0) {
            return tl::unexpected(ParseError::Malformed);  // RFC 4861 §4.6: must be discarded
        }
        const Bytes body = SPORVAKT_TRY(reader.take(units * kOptionUnit - 2));
        if ((type == kOptionSourceMac || type == kOptionTargetMac) && units == 1) {
            message.mac = SPORVAKT_TRY(MacAddress::from_bytes(body));
        } else if (type == kOptionPrefix && message.on_link.size() < kPrefixCountMax) {
            if (const auto prefix = SPORVAKT_TRY(parse_prefix(body))) {
                message.on_link.push_back(*prefix);
            }
        }
    }
    return {};
}

/// Fills in the address, and leaves the reader before the options.
Parsed<void> read_fixed_part(Type type, ByteReader& reader, NeighbourMessage& message) {
    if (type == Type::RouterSolicitation) {
        SPORVAKT_TRY(reader.u32());
        return {};
    }
    if (type == Type::RouterAdvertisement) {
        SPORVAKT_TRY(reader.u16());                           // hop limit, flags
        message.is_router = SPORVAKT_TRY(reader.u16()) != 0;  // lifetime (RFC 4861 §4.2)
        SPORVAKT_TRY(reader.u64());                           // timers
        return {};
    }
    SPORVAKT_TRY(reader.u32());  // flags
    const auto target = SPORVAKT_TRY(IpAddress::from_bytes(SPORVAKT_TRY(reader.take(kV6Length))));
    // A mapped target would be an IPv4 address, which is for ARP to claim.
    if (target.is_multicast() || target.family() != IpFamily::V6) {
        return tl::unexpected(ParseError::Malformed);
    }
    if (type == Type::NeighbourAdvertisement || !message.address) {
        message.address = specified(target);
    }
    return {};
}

}  // namespace

Parsed<ArpMessage> parse_arp(Bytes message) {
    ByteReader reader(message);
    const std::uint16_t hardware = SPORVAKT_TRY(reader.u16());
    const std::uint16_t protocol = SPORVAKT_TRY(reader.u16());
    const std::uint16_t lengths = SPORVAKT_TRY(reader.u16());
    SPORVAKT_TRY(reader.u16());  // asks or answers: the sender is the same
    constexpr std::uint16_t kLengths = MacAddress::kLength << 8U | kV4Length;
    if (hardware != kHardwareEthernet || protocol != kProtocolIpv4 || lengths != kLengths) {
        return tl::unexpected(ParseError::Malformed);
    }
    ArpMessage arp;
    arp.sender =
        SPORVAKT_TRY(MacAddress::from_bytes(SPORVAKT_TRY(reader.take(MacAddress::kLength))));
    arp.sender_address =
        specified(SPORVAKT_TRY(IpAddress::from_bytes(SPORVAKT_TRY(reader.take(kV4Length)))));
    return arp;
}

bool LinkPrefix::contains(const IpAddress& candidate) const {
    if (candidate.family() != address.family()) {
        return false;
    }
    const Bytes mine = address.bytes();
    const Bytes other = candidate.bytes();
    const std::size_t whole = length / 8U;
    if (!std::equal(mine.begin(), mine.begin() + static_cast<std::ptrdiff_t>(whole),
                    other.begin())) {
        return false;
    }
    const unsigned rest = length % 8U;
    return rest == 0 || (mine[whole] >> (8U - rest)) == (other[whole] >> (8U - rest));
}

Parsed<std::optional<NeighbourMessage>> parse_neighbour_message(Bytes bytes,
                                                                const IpAddress& source) {
    ByteReader reader(bytes);
    const auto type = static_cast<Type>(SPORVAKT_TRY(reader.u8()));
    if (type < Type::RouterSolicitation || type > Type::NeighbourAdvertisement) {
        return std::nullopt;
    }
    const std::uint8_t code = SPORVAKT_TRY(reader.u8());
    SPORVAKT_TRY(reader.u16());  // checksum
    if (code != 0) {
        return tl::unexpected(ParseError::Malformed);
    }
    NeighbourMessage message;
    message.address = specified(source);
    SPORVAKT_TRY(read_fixed_part(type, reader, message));
    SPORVAKT_TRY(read_options(reader, message));
    return message;
}

}  // namespace sporvakt::capture
