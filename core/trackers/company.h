#pragma once

#include <cstdint>
#include <string_view>

namespace sporvakt::trackers {

/// Names a company in every catalogue alike: the first 32 bits of SHA-256 of its slug, so that what
/// the ledger stored last year still means the same after an update.  0 is nobody known.
enum class CompanyId : std::uint32_t { None = 0 };

/// One row of the catalogue.  The views live as long as the Catalogue that gave them.
struct Company {
    CompanyId id = CompanyId::None;
    std::string_view slug;     ///< "meta"; in URLs and the API
    std::string_view name;     ///< "Meta Platforms"
    std::string_view parent;   ///< slug of the owner; empty when independent or not known
    std::string_view country;  ///< ISO 3166-1 alpha-2 of the head office; empty when not known
    std::string_view website;
};

}  // namespace sporvakt::trackers
