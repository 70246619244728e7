#include "capture/flow_journal.h"

#include "core/base/assert.h"
#include "core/base/byte_writer.h"
#include "core/base/domain_name.h"

#include <algorithm>
#include <array>

namespace sporvakt::capture {
namespace {

// A slot: check u64 | protocol u8 | source u8 | counted u8 | client | server | device 17 |
// last_seen i64 | name length u8 | name, where client and server are: length u8 (4 or 16),
// 16 bytes, port u16.  A free slot's check is zero.
constexpr std::size_t kCheckBytes = 8;
constexpr std::size_t kAddressBytes = 16;

/// FNV-1a: finds the entry that a dying process left half-written; not meant against forgery,
/// which the field checks below are there for.
std::uint64_t check_of(Bytes bytes) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const std::uint8_t byte : bytes) {
        hash = (hash ^ byte) * 0x100000001b3;
    }
    return hash == 0 ? 1 : hash;
}

void write_endpoint(ByteWriter& out, const Endpoint& endpoint) {
    const Bytes address = endpoint.address.bytes();
    std::array<std::uint8_t, kAddressBytes> padded{};
    std::copy(address.begin(), address.end(), padded.begin());
    out.u8(static_cast<std::uint8_t>(address.size())).bytes(padded).u16(endpoint.port);
}

Parsed<Endpoint> read_endpoint(ByteReader& in) {
    const std::size_t length = SPORVAKT_TRY(in.u8());
    const Bytes padded = SPORVAKT_TRY(in.take(kAddressBytes));
    if (length > kAddressBytes) {
        return tl::unexpected(ParseError::Malformed);
    }
    const IpAddress address = SPORVAKT_TRY(IpAddress::from_bytes(padded.first(length)));
    return Endpoint{address, SPORVAKT_TRY(in.u16())};
}

Parsed<JournalEntry> read_fields(ByteReader& in) {
    JournalEntry entry;
    entry.protocol = SPORVAKT_TRY(in.u8());
    const std::uint8_t source = SPORVAKT_TRY(in.u8());
    const std::uint8_t counted = SPORVAKT_TRY(in.u8());
    if (source > static_cast<std::uint8_t>(ledger::NameSource::Inferred) || counted > 1) {
        return tl::unexpected(ParseError::Malformed);
    }
    entry.source = static_cast<ledger::NameSource>(source);
    entry.counted = counted == 1;
    entry.client = SPORVAKT_TRY(read_endpoint(in));
    entry.server = SPORVAKT_TRY(read_endpoint(in));
    entry.device = SPORVAKT_TRY(
        devices::DeviceId::from_stored(SPORVAKT_TRY(in.take(devices::DeviceId::kStoredLength))));
    const std::uint64_t milliseconds = SPORVAKT_TRY(in.u64());
    constexpr std::uint64_t kLatest = std::uint64_t{1} << 48U;  // the year 10889
    if (milliseconds > kLatest) {
        return tl::unexpected(ParseError::Malformed);
    }
    entry.last_seen = Timestamp(std::chrono::milliseconds(milliseconds));
    const Bytes text = SPORVAKT_TRY(in.take_vector8());
    const auto name = SPORVAKT_TRY(DomainName::from_text(as_text(text)));
    entry.name = name.text();
    return entry;
}

std::optional<JournalEntry> read_entry(Bytes slot) {
    ByteReader in(slot);
    const auto check = in.u64();
    ByteReader fields = in;
    auto entry = read_fields(fields);
    const std::size_t length = in.remaining() - fields.remaining();
    if (!entry || !check || *check != check_of(slot.subspan(kCheckBytes, length))) {
        return std::nullopt;
    }
    return std::move(*entry);
}

bool is_free(Bytes slot) {
    const Bytes check = slot.first(kCheckBytes);
    return std::all_of(check.begin(), check.end(), [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

FlowJournal::FlowJournal(std::span<std::uint8_t> memory) : memory_(memory) {
    SPORVAKT_ASSERT(memory.size() == kBytes);
}

std::span<std::uint8_t> FlowJournal::slot_bytes(Slot slot) {
    SPORVAKT_ASSERT(slot < kEntriesMax);
    return memory_.subspan(slot * kEntryBytes, kEntryBytes);
}

void FlowJournal::load(const std::function<void(Slot, JournalEntry)>& visit) {
    for (std::size_t at = 0; at < kEntriesMax; ++at) {
        const auto slot = static_cast<Slot>(at);
        if (is_free(slot_bytes(slot))) {
            continue;
        }
        if (auto entry = read_entry(slot_bytes(slot))) {
            visit(slot, std::move(*entry));
        } else {
            erase(slot);
        }
    }
}

std::optional<FlowJournal::Slot> FlowJournal::put(const JournalEntry& entry) {
    for (std::size_t tried = 0; tried < kEntriesMax; ++tried) {
        const auto slot = static_cast<Slot>((next_ + tried) % kEntriesMax);
        if (is_free(slot_bytes(slot))) {
            next_ = slot + std::size_t{1};
            update(slot, entry);
            return slot;
        }
    }
    return std::nullopt;
}

void FlowJournal::update(Slot slot, const JournalEntry& entry) {
    ByteWriter fields;
    fields.u8(entry.protocol).u8(static_cast<std::uint8_t>(entry.source)).u8(entry.counted ? 1 : 0);
    write_endpoint(fields, entry.client);
    write_endpoint(fields, entry.server);
    fields.bytes(entry.device.stored());
    fields.u64(static_cast<std::uint64_t>(entry.last_seen.time_since_epoch().count()));
    const auto length = std::min(entry.name.size(), DomainName::kMaxLength);
    fields.u8(static_cast<std::uint8_t>(length))
        .text(std::string_view(entry.name).substr(0, length));

    ByteWriter check;
    check.u64(check_of(fields.result()));
    const auto bytes = slot_bytes(slot);
    std::copy(fields.result().begin(), fields.result().end(), bytes.begin() + kCheckBytes);
    std::copy(check.result().begin(), check.result().end(), bytes.begin());
}

void FlowJournal::erase(Slot slot) {
    const auto check = slot_bytes(slot).first(kCheckBytes);
    std::fill(check.begin(), check.end(), std::uint8_t{0});
}

}  // namespace sporvakt::capture
