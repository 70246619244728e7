#include "dns/message/packet.h"

#include "core/base/big_endian.h"
#include "dns/message/wire.h"

#include <optional>
#include <utility>

namespace sporvakt::dns {
namespace {

struct BufferDeleter {
    void operator()(ldns_buffer* buffer) const { ldns_buffer_free(buffer); }
};
using Buffer = std::unique_ptr<ldns_buffer, BufferDeleter>;

std::vector<std::uint8_t> bytes_of(ldns_buffer* buffer) {
    const std::uint8_t* begin = ldns_buffer_begin(buffer);
    return {begin, begin + ldns_buffer_position(buffer)};
}

struct SectionOf {
    ldns_pkt* packet;
    ldns_pkt_section section;
};

constexpr std::uint16_t kTransactionSignature = 250;  // RFC 8945

/// The record that begins at `at`, by ldns.  It goes by what a type's data should be, and takes the
/// rest of the data for the next record: that is refused.
Parsed<Record> read_record(Bytes message, std::size_t at, std::size_t end,
                           ldns_pkt_section section) {
    ldns_rr* raw = nullptr;
    const auto status = ldns_wire2rr(&raw, message.data(), message.size(), &at, section);
    Record record(status == LDNS_STATUS_OK ? raw : nullptr);
    if (!record || at != end) {
        return tl::unexpected(ParseError::Malformed);
    }
    return record;
}

/// Reads `count` records from `at` on into their section.  Returns where they end.
Parsed<std::size_t> read_section(Bytes message, std::size_t at, unsigned count,
                                 const SectionOf& target) {
    for (; count > 0; --count) {
        const auto place = record_at(message, at);
        // We share no key with anybody.
        if (!place || place->type == kTransactionSignature) {
            return tl::unexpected(ParseError::Malformed);
        }
        // EDNS is between two neighbours (RFC 6891 §6.1.1).
        if (place->type != static_cast<std::uint16_t>(RecordType::Opt)) {
            Record record = SPORVAKT_TRY(read_record(message, at, place->end, target.section));
            ldns_pkt_push_rr(target.packet, target.section, record.release());
        }
        at = place->end;
    }
    return at;
}

}  // namespace

// Not ldns_wire2pkt(): it loses the first of two transaction signatures.
Parsed<Packet> read_packet(Bytes message) {
    const auto name_end = message.size() < kHeaderLength || load16(message, 4) != 1
                              ? std::nullopt
                              : end_of_name(message, kHeaderLength);
    if (!name_end || *name_end + 4 > message.size()) {
        return tl::unexpected(ParseError::Malformed);
    }
    Packet packet(ldns_pkt_new());
    ldns_pkt_set_rcode(packet.get(), message[3] & kRcodeMask);
    std::size_t at = *name_end + 4;
    Record question = SPORVAKT_TRY(read_record(message, kHeaderLength, at, LDNS_SECTION_QUESTION));
    ldns_pkt_push_rr(packet.get(), LDNS_SECTION_QUESTION, question.release());
    std::size_t count_at = 6;
    for (const auto section :
         {LDNS_SECTION_ANSWER, LDNS_SECTION_AUTHORITY, LDNS_SECTION_ADDITIONAL}) {
        at = SPORVAKT_TRY(
            read_section(message, at, load16(message, count_at), SectionOf{packet.get(), section}));
        count_at += 2;
    }
    return packet;
}

std::vector<const ldns_rr*> records_of(const ldns_rr_list* section) {
    std::vector<const ldns_rr*> records;
    for (std::size_t at = 0; at < ldns_rr_list_rr_count(section); ++at) {
        records.push_back(ldns_rr_list_rr(section, at));
    }
    return records;
}

bool is_type(const ldns_rr* record, RecordType type) {
    return static_cast<unsigned>(ldns_rr_get_type(record)) == static_cast<unsigned>(type);
}

bool is_service(const ldns_rr* record) {
    return is_type(record, RecordType::Svcb) || is_type(record, RecordType::Https);
}

Parsed<std::vector<std::uint8_t>> data_of(const ldns_rr* record) {
    const Buffer buffer(ldns_buffer_new(LDNS_MIN_BUFLEN));
    if (!buffer || ldns_rr_rdata2buffer_wire(buffer.get(), record) != LDNS_STATUS_OK) {
        return tl::unexpected(ParseError::Malformed);
    }
    return bytes_of(buffer.get());
}

Parsed<StoredMessage> encode(const ldns_pkt* packet) {
    // It grows as needed; one of the greatest length would cost the allocator more than all the
    // rest.
    const Buffer buffer(ldns_buffer_new(LDNS_MIN_BUFLEN));
    if (!buffer || ldns_pkt2buffer_wire(buffer.get(), packet) != LDNS_STATUS_OK) {
        return tl::unexpected(ParseError::Malformed);
    }
    auto message = stored_message(bytes_of(buffer.get()));
    if (!message) {
        return tl::unexpected(ParseError::Malformed);
    }
    return *std::move(message);
}

}  // namespace sporvakt::dns
