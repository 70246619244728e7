#pragma once

#include "core/base/byte_reader.h"
#include "core/base/ldns_wrap.h"
#include "core/base/record_type.h"
#include "core/base/result.h"
#include "dns/message/stored_answer.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace sporvakt::dns {

// ldns's objects, owned; and what is read from them and made of them.

struct PacketDeleter {
    void operator()(ldns_pkt* packet) const { ldns_pkt_free(packet); }
};
using Packet = std::unique_ptr<ldns_pkt, PacketDeleter>;

struct RecordDeleter {
    void operator()(ldns_rr* record) const { ldns_rr_free(record); }
};
using Record = std::unique_ptr<ldns_rr, RecordDeleter>;

/// A whole message with exactly one question and no transaction signature; hostile bytes.  The
/// packet has its records and rcode, without EDNS.
Parsed<Packet> read_packet(Bytes message);

/// The records of a section, in order; null for a section is none.  They stay the packet's.
std::vector<const ldns_rr*> records_of(const ldns_rr_list* section);

bool is_type(const ldns_rr* record, RecordType type);

/// SVCB or HTTPS (RFC 9460).
bool is_service(const ldns_rr* record);

/// The record's data in wire form, names uncompressed.
Parsed<std::vector<std::uint8_t>> data_of(const ldns_rr* record);

/// The message in wire form.
Parsed<StoredMessage> encode(const ldns_pkt* packet);

}  // namespace sporvakt::dns
