#pragma once

#include "core/base/byte_reader.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::trackers {

/// Visits the suffixes of a name that start at a label, shortest first ("net", "facebook.net",
/// "connect.facebook.net"), with the hash of each.  One pass from right to left: every suffix
/// costs no more than its first label.  Allocates nothing; the name outlives the walk.
///
/// What ends in a number is an IPv4 address (no top-level domain is one), and nobody's child: only
/// the whole of it is visited.
class SuffixWalk {
public:
    SuffixWalk(std::string_view name, std::uint64_t seed)
        : name_(name),
          start_(name.size() + 1),
          state_(seed),
          visits_(ends_in_number(name) ? Visits::Whole : Visits::All) {}

    /// Goes to the next longer suffix; false when the whole name was visited.
    bool next();

    [[nodiscard]] std::string_view suffix() const { return name_.substr(start_); }
    [[nodiscard]] std::uint64_t hash() const;

private:
    enum class Visits : std::uint8_t { All, Whole };

    static bool ends_in_number(std::string_view name) {
        return !name.empty() && is_digit(name.back()) && is_last_label_a_number(name);
    }
    static bool is_digit(char c) { return c >= '0' && c <= '9'; }
    static bool is_last_label_a_number(std::string_view name);

    std::string_view name_;
    std::size_t start_;
    std::uint64_t state_;
    Visits visits_;
};

std::uint64_t name_hash(std::string_view name, std::uint64_t seed);

/// A hash table from names to records that is made once (NameTableLayout) and read in place.
///
/// Two byte strings: slots and records.  All numbers are big-endian.
///
///     slots   = seed:u64  homes:u64  slot*
///     slot    = fingerprint:u32 (upper half of the hash)  place:u32 (record's offset + 1; 0 empty)
///     record  = name_length:u8 before:u8 after:u8  before-text name after-text  payload
///
/// A name's home is its hash's lower half scaled to [0, homes); it lies there or in one of the
/// kProbeMax slots that follow, without an empty one between.  Damaged bytes give wrong answers,
/// never reads outside: the bytes are checked where they are used.
class NameTable {
public:
    static constexpr std::size_t kHeaderBytes = 16;
    static constexpr std::size_t kSlotBytes = 8;
    static constexpr std::size_t kRecordHeaderBytes = 3;
    static constexpr std::uint64_t kProbeMax = 128;

    struct Record {
        std::string_view text;  ///< The name with what the rule's own words have around it.
        std::string_view name;
        Bytes payload;  ///< From here to the end of all records: whoever reads it knows its length.
    };

    /// An empty table.
    NameTable() = default;

    /// The bytes outlive the table.  Truncated: they cannot be such a table.
    static Parsed<NameTable> from(Bytes slots, Bytes records);

    [[nodiscard]] std::uint64_t seed() const { return seed_; }
    [[nodiscard]] std::optional<Record> find(std::string_view name, std::uint64_t hash) const;

    /// All of a table whose payloads are `payload_bytes` each, in the order of the records.
    [[nodiscard]] std::vector<Record> all(std::size_t payload_bytes) const;

    /// The slot that a hash belongs into when there are that many homes.
    static std::uint64_t home(std::uint64_t hash, std::uint64_t homes) {
        constexpr std::uint64_t kLowerHalf = 0xffffffffU;
        return ((hash & kLowerHalf) * homes) >> 32U;
    }

private:
    [[nodiscard]] std::optional<Record> record_at(std::size_t offset) const;

    Bytes slots_;
    Bytes records_;
    std::uint64_t seed_ = 0;
    std::uint64_t homes_ = 0;
};

/// Finds a place for every record of a NameTable.  The slots outlive it.
class NameTableLayout {
public:
    /// Bytes that the slots of so many names need.
    static std::size_t slot_bytes(std::size_t names);

    /// Empties `slots`, which must be exactly slot_bytes(names) of them.
    NameTableLayout(std::size_t names, std::uint64_t seed, std::span<std::uint8_t> slots);

    /// The next record.  Records come in the order of lower_half(hash).  False when names crowd:
    /// begin again with another seed.
    [[nodiscard]] bool add(std::uint64_t hash, std::size_t record_offset);

    static std::uint32_t lower_half(std::uint64_t hash) { return static_cast<std::uint32_t>(hash); }

private:
    std::span<std::uint8_t> slots_;
    std::uint64_t homes_;
    std::uint64_t free_ = 0;
};

/// A whole NameTable in memory: for the few thousand names that are not rules.
struct NameTableImage {
    std::vector<std::uint8_t> slots;
    std::vector<std::uint8_t> records;

    /// From names to payloads.
    static NameTableImage of(const std::map<std::string, std::vector<std::uint8_t>>& payloads);
};

}  // namespace sporvakt::trackers
