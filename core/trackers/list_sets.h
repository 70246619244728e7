#pragma once

#include "core/base/byte_reader.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sporvakt::trackers {

/// In which lists of its catalogue a rule stands, as it is stored with the rule.
///
///     lists = number:u16 [count:u16 list:u16*]   what is in brackets with kWrittenOut
///
/// A number below the count of lists is that list alone; one above it is a row of the catalogue's
/// table of sets.  Where that table was full, the lists stand with the rule.
struct StoredLists {
    static constexpr std::uint16_t kWrittenOut = 0xffff;

    std::uint16_t number = 0;
    Bytes written_out;  ///< list:u16*
};

Parsed<StoredLists> read_lists(ByteReader& from);

/// Some of the lists of one catalogue, ready to be asked of any rule.  Immutable and thread-safe;
/// belongs to the ListSets that made it.
class ListSelection {
public:
    /// Whether one of them is among the rule's.
    [[nodiscard]] bool meets(const StoredLists& lists) const;

    /// Whether this list is one of them.
    [[nodiscard]] bool has(std::uint16_t list) const { return meets({list, {}}); }

private:
    friend class ListSets;

    std::vector<bool> numbers_;  ///< By StoredLists::number.
};

/// The lists of a catalogue by name, and the sets of those that say the same; read in place.
/// Immutable and thread-safe; views live as long as the bytes.
///
///     names = count:u16 name:text16*
///     sets  = count:u16 end:u32{count} list:u16*    `end` counts the lists up to the set's last
class ListSets {
public:
    ListSets() = default;

    /// Truncated: they cannot be such tables.
    static Parsed<ListSets> from(Bytes names, Bytes sets);

    [[nodiscard]] const std::vector<std::string_view>& names() const { return names_; }

    /// The list that was added first of those that the rule stands in, among `selection` when there
    /// is one.  Empty when there is none.
    [[nodiscard]] std::string_view first_name(const StoredLists& lists,
                                              const ListSelection* selection) const;

    /// All of them, in the order in which they were added.
    [[nodiscard]] std::vector<std::uint16_t> members(const StoredLists& lists) const;

    /// Those of these names that there are.
    [[nodiscard]] ListSelection select(std::span<const std::string> names) const;

private:
    /// list:u16* of a row of the table; nothing where there is no such row.
    [[nodiscard]] Bytes row(std::size_t row) const;

    std::vector<std::string_view> names_;
    Bytes ends_;
    Bytes lists_;
};

/// Numbers the sets of lists that a catalogue's rules stand in.  Not thread-safe.
class ListSetTable {
public:
    /// What it holds at the most: 2^40 sets can be made of forty lists, honest ones make thousands.
    static constexpr std::size_t kRowsMax = 32'768;

    /// Forgets all sets.  `lists` is how many lists there are, at most 65,535.
    void begin(std::size_t lists);

    /// The number of the set, which gets one if there is room; else StoredLists::kWrittenOut.
    /// `lists` ascends and is not empty.
    std::uint16_t add(std::span<const std::uint16_t> lists);

    /// The number that add() gave.
    [[nodiscard]] std::uint16_t find(std::span<const std::uint16_t> lists) const;

    /// As ListSets reads it.
    [[nodiscard]] std::vector<std::uint8_t> stored() const;

private:
    std::size_t lists_ = 0;
    std::unordered_map<std::u16string, std::uint16_t> numbers_;
    std::vector<std::u16string> rows_;
};

}  // namespace sporvakt::trackers
