#include "dns/message/encrypted_hello.h"

#include "core/base/byte_reader.h"
#include "dns/message/packet.h"
#include "dns/message/wire.h"

#include <optional>
#include <utility>
#include <vector>

namespace sporvakt::dns {
namespace {

using Octets = std::vector<std::uint8_t>;

// SvcParamKeys (RFC 9460 §14.3.2).
constexpr std::uint16_t kMandatory = 0;
constexpr std::uint16_t kEch = 5;

void append16(Octets& to, std::size_t value) {
    to.push_back(static_cast<std::uint8_t>(value >> 8U));
    to.push_back(static_cast<std::uint8_t>(value));
}

void append(Octets& to, Bytes bytes) {
    to.insert(to.end(), bytes.begin(), bytes.end());
}

void append_parameter(Octets& to, std::uint16_t key, Bytes value) {
    append16(to, key);
    append16(to, value.size());
    append(to, value);
}

/// The keys of `mandatory` but for ech.
Parsed<Octets> other_keys(Bytes keys) {
    Octets others;
    ByteReader reader(keys);
    while (!reader.at_end()) {
        const std::uint16_t key = SPORVAKT_TRY(reader.u16());
        if (key != kEch) {
            append16(others, key);
        }
    }
    return others;
}

/// A service record's data without ech; nothing when there is none in it.
Parsed<std::optional<Octets>> data_without_ech(Bytes data) {
    const auto name_end = end_of_name(data, 2);  // behind the priority
    if (!name_end) {
        return tl::unexpected(ParseError::Malformed);
    }
    Octets kept(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(*name_end));
    bool has_ech = false;
    ByteReader reader(data.subspan(*name_end));
    while (!reader.at_end()) {
        const std::uint16_t key = SPORVAKT_TRY(reader.u16());
        const Bytes value = SPORVAKT_TRY(reader.take_vector16());
        if (key == kEch) {
            has_ech = true;
        } else if (key == kMandatory) {
            const Octets others = SPORVAKT_TRY(other_keys(value));
            if (!others.empty()) {  // an empty list is malformed (RFC 9460 §8)
                append_parameter(kept, key, others);
            }
        } else {
            append_parameter(kept, key, value);
        }
    }
    if (!has_ech) {
        return std::optional<Octets>();
    }
    return std::optional(std::move(kept));
}

/// The record with other data.
Parsed<Record> with_data(const ldns_rr* record, Bytes data) {
    const ldns_rdf* const owner = ldns_rr_owner(record);
    Octets wire;
    append(wire, Bytes(ldns_rdf_data(owner), ldns_rdf_size(owner)));
    append16(wire, static_cast<std::size_t>(ldns_rr_get_type(record)));
    append16(wire, static_cast<std::size_t>(ldns_rr_get_class(record)));
    append16(wire, ldns_rr_ttl(record) >> 16U);
    append16(wire, ldns_rr_ttl(record) & 0xffffU);
    append16(wire, data.size());
    append(wire, data);
    ldns_rr* raw = nullptr;
    std::size_t at = 0;
    if (ldns_wire2rr(&raw, wire.data(), wire.size(), &at, LDNS_SECTION_ANSWER) != LDNS_STATUS_OK) {
        return tl::unexpected(ParseError::Malformed);
    }
    return Record(raw);
}

Parsed<bool> strip_section(ldns_rr_list* section) {
    bool has_ech = false;
    const auto records = records_of(section);
    for (std::size_t at = 0; at < records.size(); ++at) {
        if (!is_service(records[at])) {
            continue;
        }
        const Octets data = SPORVAKT_TRY(data_of(records[at]));
        const auto stripped = SPORVAKT_TRY(data_without_ech(data));
        if (stripped) {
            Record replaced = SPORVAKT_TRY(with_data(records[at], *stripped));
            const Record old(ldns_rr_list_set_rr(section, replaced.release(), at));
            has_ech = true;
        }
    }
    return has_ech;
}

}  // namespace

Parsed<bool> strip_encrypted_hello(ldns_pkt* packet) {
    const bool in_answer = SPORVAKT_TRY(strip_section(ldns_pkt_answer(packet)));
    const bool in_additional = SPORVAKT_TRY(strip_section(ldns_pkt_additional(packet)));
    return in_answer || in_additional;
}

}  // namespace sporvakt::dns
