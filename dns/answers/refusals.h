#pragma once

#include "core/base/byte_reader.h"
#include "dns/counters.h"
#include "dns/message/query.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace sporvakt::dns {

/// The answer to a message that is no question we can read; 0: it gets none.
std::size_t write_fault(std::span<std::uint8_t> out, Bytes message, QueryFault fault);
Count count_of(QueryFault fault);

/// REFUSED to a client from outside the house's networks (RFC 8914 §4.19).
std::size_t write_prohibited(std::span<std::uint8_t> out, const Query& query);

/// REFUSED to a client that asks more than it may.
std::size_t write_over_limit(std::span<std::uint8_t> out, const Query& query);

/// The answer to a question that we can read but do not serve: a newer EDNS, another class, zone
/// transfers, ANY.  0: we do serve it.
std::size_t write_refusal(std::span<std::uint8_t> out, const Query& query);

}  // namespace sporvakt::dns
