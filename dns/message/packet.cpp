#include "dns/message/packet.h"

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

// Every record in its place, and no transaction signature (RFC 8945): ldns loses the first of two,
// and we share no key with anybody.
bool is_whole_and_unsigned(Bytes message) {
    constexpr std::uint16_t kTransactionSignature = 250;
    const auto question_end =
        message.size() < kHeaderLength ? std::nullopt : end_of_name(message, kHeaderLength);
    if (!question_end || load16(message, 4) != 1) {
        return false;
    }
    std::size_t at = *question_end + 4;
    const unsigned records =
        unsigned{load16(message, 6)} + load16(message, 8) + load16(message, 10);
    for (unsigned read = 0; read < records; ++read) {
        const auto place = record_at(message, at);
        if (!place || place->type == kTransactionSignature) {
            return false;
        }
        at = place->end;
    }
    return true;
}

}  // namespace

Parsed<Packet> read_packet(Bytes message) {
    if (!is_whole_and_unsigned(message)) {
        return tl::unexpected(ParseError::Malformed);
    }
    ldns_pkt* raw = nullptr;
    if (ldns_wire2pkt(&raw, message.data(), message.size()) != LDNS_STATUS_OK) {
        return tl::unexpected(ParseError::Malformed);
    }
    return Packet(raw);
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
    const Buffer buffer(ldns_buffer_new(LDNS_MAX_PACKETLEN));
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
