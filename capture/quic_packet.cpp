#include "capture/quic_packet.h"

#include <algorithm>
#include <cstring>

namespace sporvakt::capture {
namespace {

constexpr std::uint8_t kLongHeader = 0x80;  // RFC 9000 §17.2
constexpr std::size_t kConnectionIdMax = 20;
constexpr std::size_t kSampleEnd = 4 + 16;  // RFC 9001 §5.4.2: the sample begins 4 bytes in

// Frame types (RFC 9000 §19)
constexpr std::uint64_t kPadding = 0x00;
constexpr std::uint64_t kPing = 0x01;
constexpr std::uint64_t kAck = 0x02;
constexpr std::uint64_t kAckEcn = 0x03;
constexpr std::uint64_t kCrypto = 0x06;
constexpr std::uint64_t kClose = 0x1c;

enum class PacketType : std::uint8_t { Initial, ZeroRtt, Handshake, Retry };

std::optional<QuicVersion> known_version(std::uint32_t number) {
    if (number == 0x00000001 || number == 0xff000021 || number == 0xff000022) {
        return QuicVersion::V1;
    }
    if (number == 0x6b3343cf) {
        return QuicVersion::V2;
    }
    if (number >= 0xff00001d && number <= 0xff000020) {
        return QuicVersion::Draft29;
    }
    if ((number >= 0xff000017 && number <= 0xff00001c) || number == 0xfaceb002 ||
        number == 0xfaceb00e) {
        return QuicVersion::Draft23;
    }
    if (number == 0xff000015 || number == 0xff000016 || number == 0xfaceb001) {
        return QuicVersion::Draft21;
    }
    return std::nullopt;  // negotiation (0), greased (0x?a?a?a?a), or too old to be met
}

/// RFC 9369 §3.2: version 2 counts its types from another zero.
PacketType type_of(std::uint8_t first, QuicVersion version) {
    const unsigned bits = (first >> 4U) & 3U;
    return static_cast<PacketType>(version == QuicVersion::V2 ? (bits + 3U) & 3U : bits);
}

/// A variable-length integer (RFC 9000 §16).
Parsed<std::uint64_t> take_varint(ByteReader& reader) {
    const std::uint8_t first = SPORVAKT_TRY(reader.u8());
    std::uint64_t value = first & 0x3fU;
    for (unsigned left = (1U << (first >> 6U)) - 1; left > 0; --left) {
        value = (value << 8U) | SPORVAKT_TRY(reader.u8());
    }
    return value;
}

struct LongPacket {
    PacketType type = PacketType::Initial;
    QuicInitial initial;
};

/// Empty where nothing that we could read can follow.
Parsed<std::optional<LongPacket>> take_long_packet(ByteReader& datagram) {
    ByteReader ahead = datagram;
    const std::size_t before = ahead.remaining();
    const std::uint8_t first = SPORVAKT_TRY(ahead.u8());
    if ((first & kLongHeader) == 0) {
        return std::optional<LongPacket>{};
    }
    const auto version = known_version(SPORVAKT_TRY(ahead.u32()));
    if (!version) {
        return std::optional<LongPacket>{};
    }
    LongPacket packet;
    packet.type = type_of(first, *version);
    packet.initial.version = *version;
    packet.initial.destination_id = SPORVAKT_TRY(ahead.take_vector8());
    const Bytes source_id = SPORVAKT_TRY(ahead.take_vector8());
    if (packet.initial.destination_id.size() > kConnectionIdMax ||
        source_id.size() > kConnectionIdMax) {
        return tl::unexpected(ParseError::Malformed);
    }
    if (packet.type == PacketType::Retry) {
        return std::optional<LongPacket>{};  // has no length; nothing may follow it
    }
    if (packet.type == PacketType::Initial) {
        packet.initial.token = SPORVAKT_TRY(ahead.take(SPORVAKT_TRY(take_varint(ahead))));
    }
    const std::uint64_t length = SPORVAKT_TRY(take_varint(ahead));
    packet.initial.number_offset = before - ahead.remaining();
    SPORVAKT_TRY(ahead.take(length));
    packet.initial.packet = SPORVAKT_TRY(datagram.take(packet.initial.number_offset + length));
    if (packet.type == PacketType::Initial && length < kSampleEnd) {
        return tl::unexpected(ParseError::Malformed);
    }
    return std::optional(packet);
}

Parsed<void> skip_varints(ByteReader& reader, std::uint64_t count) {
    for (; count > 0; --count) {
        SPORVAKT_TRY(take_varint(reader));  // each is a byte at least: ends with the packet
    }
    return {};
}

Parsed<void> skip_ack(ByteReader& reader, std::uint64_t type) {
    SPORVAKT_TRY(skip_varints(reader, 2));  // largest, delay
    const std::uint64_t ranges = SPORVAKT_TRY(take_varint(reader));
    if (ranges > reader.remaining()) {
        return tl::unexpected(ParseError::Malformed);
    }
    SPORVAKT_TRY(skip_varints(reader, 1 + 2 * ranges));
    return skip_varints(reader, type == kAckEcn ? 3 : 0);
}

/// What follows a run of PADDING frames, which fills most of a client's Initials.
Bytes behind_padding(Bytes frames) {
    std::uint64_t eight = 0;
    while (frames.size() >= sizeof eight) {
        std::memcpy(&eight, frames.data(), sizeof eight);
        if (eight != 0) {
            break;
        }
        frames = frames.subspan(sizeof eight);
    }
    const auto first = std::find_if(frames.begin(), frames.end(),
                                    [](std::uint8_t byte) { return byte != kPadding; });
    return frames.subspan(static_cast<std::size_t>(first - frames.begin()));
}

}  // namespace

Parsed<std::optional<QuicInitial>> take_initial(ByteReader& datagram) {
    while (!datagram.at_end()) {
        const auto packet = SPORVAKT_TRY(take_long_packet(datagram));
        if (!packet) {
            break;
        }
        if (packet->type == PacketType::Initial) {
            return std::optional(packet->initial);
        }
    }
    return std::optional<QuicInitial>{};
}

Parsed<void> collect_crypto(Bytes frames, SegmentBuffer& hello) {
    ByteReader reader(frames);
    while (true) {
        reader = ByteReader(behind_padding(reader.take_rest()));
        if (reader.at_end()) {
            break;
        }
        const std::uint64_t type = SPORVAKT_TRY(take_varint(reader));
        if (type == kPing) {
            continue;
        }
        if (type == kClose) {
            return {};
        }
        if (type == kAck || type == kAckEcn) {
            SPORVAKT_TRY(skip_ack(reader, type));
        } else if (type == kCrypto) {
            const std::uint64_t offset = SPORVAKT_TRY(take_varint(reader));
            const Bytes piece = SPORVAKT_TRY(reader.take(SPORVAKT_TRY(take_varint(reader))));
            SPORVAKT_TRY(hello.put(offset, piece));
        } else {
            return tl::unexpected(ParseError::Malformed);
        }
    }
    return {};
}

}  // namespace sporvakt::capture
