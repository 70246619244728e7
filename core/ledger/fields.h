#pragma once

#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"
#include "core/base/clock.h"
#include "core/devices/device_id.h"
#include "core/ledger/sighting.h"
#include "core/trackers/company.h"
#include "core/trackers/purpose.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sporvakt::ledger {

// Fields that the ledger's messages and rows have in common, inside core/ledger only.  Every read
// checks that the value is one that we would have written.

/// Rules, list names, details and names that devices give themselves take no more.
constexpr std::size_t kTextBytesMax = 255;

/// 2200-01-01: later times are a clock gone wrong, and keys would not hold them for ever.
constexpr Timestamp kTimeMax{std::chrono::sys_days{std::chrono::year{2200} / 1 / 1}};

/// From 1970 until kTimeMax.
bool is_time(Timestamp at);

/// Whether the name is in DomainName's form.
bool is_name(std::string_view name);

/// At most `bytes_max` bytes of the text, never half a character of UTF-8.
std::string_view cut_text(std::string_view text, std::size_t bytes_max);

Parsed<std::string> read_text(ByteReader& in, std::size_t bytes_max);
Parsed<std::string> read_name(ByteReader& in);
Parsed<Timestamp> read_time(ByteReader& in);
Parsed<devices::DeviceId> read_device(ByteReader& in);
Parsed<trackers::Purpose> read_purpose(ByteReader& in);
Parsed<Outcome> read_outcome(ByteReader& in);
Parsed<NameSource> read_source(ByteReader& in);
Parsed<Cause> read_cause(ByteReader& in);

std::uint64_t milliseconds_of(Timestamp at);

/// Sums stop at the largest number instead of beginning anew at 0.
std::uint64_t saturating_sum(std::uint64_t left, std::uint64_t right);

}  // namespace sporvakt::ledger
