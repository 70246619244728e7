#include "core/ledger/batch.h"

#include "core/base/assert.h"
#include "core/base/byte_writer.h"
#include "core/ledger/fields.h"

#include <algorithm>
#include <limits>

namespace sporvakt::ledger {
namespace {

constexpr std::uint8_t kBatchVersion = 3;
constexpr std::size_t kCountMax = std::numeric_limits<std::uint16_t>::max();

constexpr std::size_t kDeviceBytes = devices::DeviceId::kStoredLength;
constexpr std::size_t kTextLengthBytes = 2;
constexpr std::size_t kSightingFixedBytes =
    8 + 4 + kDeviceBytes + 4 + 4 + 4 + 8 + 8 + 5 * kTextLengthBytes;
constexpr std::size_t kClueFixedBytes =
    8 + kDeviceBytes + 1 + 1 + devices::kClueTexts.size() * kTextLengthBytes;

void write_sighting(ByteWriter& out, const Sighting& sighting) {
    const auto lasted = std::clamp<std::int64_t>((sighting.last - sighting.at).count(), 0,
                                                 std::numeric_limits<std::uint32_t>::max());
    out.u64(milliseconds_of(sighting.at))
        .u32(static_cast<std::uint32_t>(lasted))
        .bytes(sighting.device.stored())
        .u32(static_cast<std::uint32_t>(sighting.company))
        .u8(static_cast<std::uint8_t>(sighting.purpose))
        .u8(static_cast<std::uint8_t>(sighting.outcome))
        .u8(static_cast<std::uint8_t>(sighting.source))
        .u8(static_cast<std::uint8_t>(sighting.cause))
        .u32(sighting.attempts)
        .u64(sighting.bytes_up)
        .u64(sighting.bytes_down)
        .text16(sighting.name)
        .text16(sighting.rule)
        .text16(sighting.list)
        .text16(sighting.detail)
        .text16(sighting.context);
}

Parsed<Sighting> read_sighting(ByteReader& in) {
    Sighting read;
    read.at = SPORVAKT_TRY(read_time(in));
    read.last = read.at + std::chrono::milliseconds(SPORVAKT_TRY(in.u32()));
    read.device = SPORVAKT_TRY(read_device(in));
    read.company = trackers::CompanyId{SPORVAKT_TRY(in.u32())};
    read.purpose = SPORVAKT_TRY(read_purpose(in));
    read.outcome = SPORVAKT_TRY(read_outcome(in));
    read.source = SPORVAKT_TRY(read_source(in));
    read.cause = SPORVAKT_TRY(read_cause(in));
    read.attempts = SPORVAKT_TRY(in.u32());
    read.bytes_up = SPORVAKT_TRY(in.u64());
    read.bytes_down = SPORVAKT_TRY(in.u64());
    read.name = SPORVAKT_TRY(read_name(in));
    read.rule = SPORVAKT_TRY(read_text(in, kTextBytesMax));
    read.list = SPORVAKT_TRY(read_text(in, kTextBytesMax));
    read.detail = SPORVAKT_TRY(read_text(in, kTextBytesMax));
    read.context = SPORVAKT_TRY(read_text(in, kTextBytesMax));
    return read;
}

void write_clue(ByteWriter& out, const devices::DeviceClue& clue) {
    const Bytes address = clue.address ? clue.address->bytes() : Bytes{};
    out.u64(milliseconds_of(clue.at))
        .bytes(clue.device.stored())
        .u8(static_cast<std::uint8_t>(clue.bypass))
        .u8(static_cast<std::uint8_t>(address.size()))
        .bytes(address);
    for (const auto text : devices::kClueTexts) {
        out.text16(clue.*text);
    }
}

/// Exactly the bytes that write_clue makes: a mapped IPv6 address is not one of them.
Parsed<std::optional<IpAddress>> read_address(ByteReader& in) {
    const Bytes bytes = SPORVAKT_TRY(in.take_vector8());
    if (bytes.empty()) {
        return std::nullopt;
    }
    const IpAddress address = SPORVAKT_TRY(IpAddress::from_bytes(bytes));
    if (address.bytes().size() != bytes.size()) {
        return tl::unexpected(ParseError::Malformed);
    }
    return address;
}

Parsed<devices::Bypass> read_bypass(ByteReader& in) {
    const std::uint8_t kind = SPORVAKT_TRY(in.u8());
    if (kind > devices::kBypassKinds) {
        return tl::unexpected(ParseError::Malformed);
    }
    return devices::Bypass{kind};
}

Parsed<devices::DeviceClue> read_clue(ByteReader& in) {
    devices::DeviceClue read;
    read.at = SPORVAKT_TRY(read_time(in));
    read.device = SPORVAKT_TRY(read_device(in));
    read.bypass = SPORVAKT_TRY(read_bypass(in));
    read.address = SPORVAKT_TRY(read_address(in));
    for (const auto text : devices::kClueTexts) {
        read.*text = SPORVAKT_TRY(read_text(in, kTextBytesMax));
    }
    return read;
}

/// The smallest entry bounds what a count may promise, so that a lie reserves no memory.
Parsed<std::size_t> read_count(ByteReader& in, std::size_t entry_bytes_min) {
    const std::size_t count = SPORVAKT_TRY(in.u16());
    if (count * entry_bytes_min > in.remaining()) {
        return tl::unexpected(ParseError::Truncated);
    }
    return count;
}

Parsed<Batch> read_header(ByteReader& in) {
    if (SPORVAKT_TRY(in.u8()) != kBatchVersion) {
        return tl::unexpected(ParseError::Malformed);
    }
    Batch batch;
    batch.sender = SPORVAKT_TRY(in.u64());
    batch.number = SPORVAKT_TRY(in.u64());
    batch.oldest = SPORVAKT_TRY(in.u64());
    batch.dropped = SPORVAKT_TRY(in.u64());
    if (batch.sender == 0 || batch.oldest == 0 || batch.oldest > batch.number) {
        return tl::unexpected(ParseError::Malformed);
    }
    return batch;
}

}  // namespace

std::size_t encoded_size(const Sighting& sighting) {
    return kSightingFixedBytes + sighting.name.size() + sighting.rule.size() +
           sighting.list.size() + sighting.detail.size() + sighting.context.size();
}

std::size_t encoded_size(const devices::DeviceClue& clue) {
    std::size_t size = kClueFixedBytes + (clue.address ? clue.address->bytes().size() : 0);
    for (const auto text : devices::kClueTexts) {
        size += (clue.*text).size();
    }
    return size;
}

std::vector<std::uint8_t> encode(const Batch& batch) {
    SPORVAKT_ASSERT(batch.sightings.size() <= kCountMax && batch.clues.size() <= kCountMax);
    ByteWriter out;
    out.u8(kBatchVersion)
        .u64(batch.sender)
        .u64(batch.number)
        .u64(batch.oldest)
        .u64(batch.dropped)
        .u16(static_cast<std::uint16_t>(batch.sightings.size()));
    for (const Sighting& sighting : batch.sightings) {
        write_sighting(out, sighting);
    }
    out.u16(static_cast<std::uint16_t>(batch.clues.size()));
    for (const devices::DeviceClue& clue : batch.clues) {
        write_clue(out, clue);
    }
    SPORVAKT_ASSERT(out.result().size() <= kBatchBytesMax);
    return out.result();
}

Parsed<Batch> parse_batch(Bytes bytes) {
    if (bytes.size() > kBatchBytesMax) {
        return tl::unexpected(ParseError::LimitExceeded);
    }
    ByteReader in(bytes);
    Batch batch = SPORVAKT_TRY(read_header(in));
    batch.sightings.resize(SPORVAKT_TRY(read_count(in, kSightingFixedBytes)));
    for (Sighting& sighting : batch.sightings) {
        sighting = SPORVAKT_TRY(read_sighting(in));
    }
    batch.clues.resize(SPORVAKT_TRY(read_count(in, kClueFixedBytes)));
    for (devices::DeviceClue& clue : batch.clues) {
        clue = SPORVAKT_TRY(read_clue(in));
    }
    if (!in.at_end()) {
        return tl::unexpected(ParseError::Malformed);
    }
    return batch;
}

}  // namespace sporvakt::ledger
