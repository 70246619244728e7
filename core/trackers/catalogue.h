#pragma once

#include "core/base/ip_address.h"
#include "core/base/record_type.h"
#include "core/base/result.h"
#include "core/trackers/company.h"
#include "core/trackers/evasion.h"
#include "core/trackers/list_report.h"
#include "core/trackers/list_sets.h"
#include "core/trackers/purpose.h"
#include "core/trackers/rule.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::trackers {

/// The rule that decides about a name.  Views live as long as the Catalogue.
struct RuleMatch {
    RuleAction action = RuleAction::Block;
    bool important = false;           ///< AdGuard's $important: beats a plain allow.
    std::uint16_t suffix_length = 0;  ///< Characters of the name that the rule matched.
    std::string_view rule;            ///< In its own words as far as kept: "||facebook.net^".
    std::string_view list;            ///< The name of the first list that gives it.
};

/// A rule that speaks of a name, decisive or not.
struct RuleVoice {
    RuleMatch match;
    std::vector<std::string_view> lists;  ///< All that give it, in the order of the compilation.
};

/// Who is behind a name.
struct Attribution {
    CompanyId company = CompanyId::None;
    Purpose purpose = Purpose::Unknown;
    Evasion evasion = Evasion::None;
    std::string_view domain;  ///< The row that matched, a suffix of the name asked for.
};

/// Companies, domains and rules, compiled into one immutable LMDB file and read in place.
///
/// Thread-safe: all members are const and the mapped file never changes; an update is a new file
/// that is renamed over the old one (the old mapping stays valid until this object goes).
/// Names are always in DomainName's form: lower case, A-labels, no trailing dot.
/// Format: docs/storage-format.md, "catalogue.mdb".
class Catalogue {
public:
    /// Opens without reading: start-up does not depend on the number of rules.
    static Result<std::shared_ptr<const Catalogue>> open(const std::string& path);

    Catalogue(const Catalogue&) = delete;
    Catalogue& operator=(const Catalogue&) = delete;
    Catalogue(Catalogue&&) = delete;
    Catalogue& operator=(Catalogue&&) = delete;
    ~Catalogue();

    /// The strongest rule for the name, if any: an allow at an equal or longer suffix beats a
    /// block, $important beats plain (docs/lists.md). Does not allocate, except for the few rules
    /// that are patterns.
    [[nodiscard]] std::optional<RuleMatch> find_rule(std::string_view name, RecordType type) const;

    /// The same by some of the lists alone: what select() of this catalogue made.
    [[nodiscard]] std::optional<RuleMatch> find_rule(std::string_view name, RecordType type,
                                                     const ListSelection& lists) const;

    /// Every rule that speaks of the name, the one that find_rule() gives first.  For explaining:
    /// it allocates.
    [[nodiscard]] std::vector<RuleVoice> rules_about(std::string_view name, RecordType type) const;

    /// Those lists of these names that the catalogue was compiled from.
    [[nodiscard]] ListSelection select(std::span<const std::string> lists) const;

    /// What became of each list that the catalogue was compiled from; none when that is damaged.
    [[nodiscard]] std::vector<ListReport> list_reports() const;

    /// The longest suffix of the name that the catalogue attributes.
    [[nodiscard]] std::optional<Attribution> attribution_of(std::string_view name) const;

    /// Whether the address serves to get around the household, whatever name it is called by.  Does
    /// not allocate.
    [[nodiscard]] Evasion evasion_at(const IpAddress& address) const;

    /// All that do, IPv4 first.
    [[nodiscard]] std::vector<EvasiveAddress> evasive_addresses() const;

    [[nodiscard]] std::optional<Company> company(CompanyId id) const;
    [[nodiscard]] std::optional<Company> company_by_slug(std::string_view slug) const;

    /// The names that are attributed to the company, in no order; reads all that are attributed to
    /// anybody.
    [[nodiscard]] std::vector<Attribution> domains_of(CompanyId id) const;

    /// Everybody in the file, for pages that list companies.
    [[nodiscard]] std::vector<Company> companies() const;

    [[nodiscard]] std::uint64_t rule_count() const;

    /// When it was compiled, RFC 3339; shown beside every report.
    [[nodiscard]] std::string_view compiled_at() const;

private:
    class Mapping;
    explicit Catalogue(std::unique_ptr<Mapping> mapping);

    std::unique_ptr<Mapping> mapping_;
};

/// Whether `left` decides against `right`: two rules for one name, from different catalogues too.
bool is_stronger(const RuleMatch& left, const RuleMatch& right);

/// The one of the two that decides; of equals, the left.
const RuleMatch& stronger(const RuleMatch& left, const RuleMatch& right);

}  // namespace sporvakt::trackers
