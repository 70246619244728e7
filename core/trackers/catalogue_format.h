#pragma once

#include "core/base/byte_reader.h"

#include <cstdint>
#include <string_view>

// catalogue.mdb: docs/storage-format.md says what each value holds.
namespace sporvakt::trackers {

constexpr std::string_view kCatalogueTable = "catalogue";
constexpr std::uint32_t kCatalogueFormat = 3;

constexpr std::string_view kHeaderKey = "header";       // format:u32 rules:u64 compiled_at:text16
constexpr std::string_view kListsKey = "lists";         // ListSets: their names
constexpr std::string_view kListSetsKey = "list-sets";  // ListSets: which say the same
constexpr std::string_view kListReportsKey = "list-reports";
constexpr std::string_view kCompaniesKey = "companies";
constexpr std::string_view kDomainSlotsKey = "domain-slots";
constexpr std::string_view kDomainRecordsKey = "domain-records";
constexpr std::string_view kEvasiveAddressesKey = "evasive-addresses";
constexpr std::string_view kRuleSlotsKey = "rule-slots";
constexpr std::string_view kRuleRecordsKey = "rule-records";
constexpr std::string_view kPatternsKey = "patterns";

/// companies = count:u32 (id:u32 place:u32)* bytes; sorted by id; `place` counts from the start of
/// `bytes`, where slug, name, parent, country and website stand as text16.
constexpr std::uint32_t kCompanyRowBytes = 8;

/// evasive-addresses = (family:u8 address:16 bytes evasion:u8)*; sorted, zeros behind an IPv4
/// address.
constexpr std::size_t kEvasiveAddressBytes = 18;

/// A domain's payload: company:u32 purpose:u8 evasion:u8.  A rule record's payload: count:u16
/// rule*.

}  // namespace sporvakt::trackers
