#pragma once

#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"
#include "core/base/result.h"
#include "core/trackers/list_sets.h"
#include "core/trackers/rule.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace sporvakt::trackers {

/// A rule as it lies in the catalogue, read in place; views end with the bytes.
///
///     rule = flags:u8 lists (StoredLists)
///            [types:u8 (type:u16)*]        with kHasTypes
///            [names:u8 (length:u8 name)*]  with kHasExceptNames
///            [text:u16 bytes]              with kHasText; else the text of its record
struct StoredRule {
    RuleAction action = RuleAction::Block;
    RuleWeight weight = RuleWeight::Plain;
    RuleScope scope = RuleScope::Exact;
    TypeFilter type_filter = TypeFilter::Only;
    StoredLists lists;
    Bytes types;
    Bytes except_names;
    std::string_view text;  ///< Empty: the record's.

    [[nodiscard]] bool is_for_type(RecordType type) const;

    /// Whether $denyallow takes the name out.
    [[nodiscard]] bool excepts(std::string_view name) const;
};

// Bits of `flags`, besides 0x0c: the scope.
constexpr std::uint8_t kIsAllow = 0x01;
constexpr std::uint8_t kIsImportant = 0x02;
constexpr std::uint8_t kHasTypes = 0x10;
constexpr std::uint8_t kTypesExcept = 0x20;
constexpr std::uint8_t kHasExceptNames = 0x40;
constexpr std::uint8_t kHasText = 0x80;

/// The flags without kHasText.
std::uint8_t rule_flags(const RuleTerms& terms, RuleScope scope);

/// The conditions as they are stored: equal rules have equal bytes.  Nothing when there are none;
/// types and names over the 255th are left out.
std::vector<std::uint8_t> stored_conditions(const RuleConditions& conditions);

Parsed<StoredRule> read_rule(ByteReader& from);

}  // namespace sporvakt::trackers
