#pragma once

#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"
#include "core/base/result.h"
#include "core/policy/household.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// What the household decided, in bytes: as household.mdb keeps it and as orders carry it.
// docs/storage-format.md has the format.

namespace sporvakt::policy {

/// Of a group's id and of a rule's text: with form and separator they are a key of household.mdb.
constexpr std::size_t kGroupIdBytesMax = 32;
constexpr std::size_t kRuleTextBytesMax = 400;
/// Of names that the household gives; in bytes of UTF-8.
constexpr std::size_t kWordBytesMax = 128;

/// An error, in words for the owner, that tells what is wrong with what they said: names that are
/// none, expressions that RE2 does not take, lists that are too long.
Result<void> check(const OwnRule& rule);
Result<void> check(const Group& group);  ///< Its rules too.
Result<void> check(const Pause& pause);
bool is_group_id(std::string_view id);

/// A group without its rules and its id, which stand elsewhere.
void write_group(ByteWriter& out, const Group& group);
Parsed<Group> read_group(ByteReader& in);

/// What a rule says, without its form and its text.
void write_ruling(ByteWriter& out, const OwnRule& rule);
Parsed<void> read_ruling(ByteReader& in, OwnRule& rule);

void write_until(ByteWriter& out, Timestamp until);
Parsed<Timestamp> read_until(ByteReader& in);

/// A value of an enumeration whose last one is `last`.
template <class Enum>
Parsed<Enum> read_enum(ByteReader& in, Enum last) {
    const std::uint8_t value = SPORVAKT_TRY(in.u8());
    if (value > static_cast<std::uint8_t>(last)) {
        return tl::unexpected(ParseError::Malformed);
    }
    return Enum{value};
}

}  // namespace sporvakt::policy
