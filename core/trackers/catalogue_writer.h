#pragma once

#include "core/base/ip_address.h"
#include "core/base/result.h"
#include "core/trackers/company.h"
#include "core/trackers/evasion.h"
#include "core/trackers/list_report.h"
#include "core/trackers/list_sets.h"
#include "core/trackers/purpose.h"
#include "core/trackers/rule.h"
#include "core/trackers/rule_heap.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::trackers {

/// A company as a table of facts states it; see Company.
struct CompanyFact {
    std::string slug;
    std::string name;
    std::string parent;
    std::string country;
    std::string website;
};

/// CompanyId of a slug; never None.
CompanyId company_id(std::string_view slug);

/// Compiles a catalogue: everything is added, then written once.  Not thread-safe.
/// A million rules need about 40 MB until write(), which needs the size of the file as well.
class CatalogueWriter {
public:
    static constexpr std::size_t kListsMax = 65535;

    /// A number for add().  Equal rules are one, in the words of the list added first, that knows
    /// all lists which give it.
    Result<std::uint16_t> add_list(std::string name);

    /// What became of the list, as its reader saw it; write() adds what it is beside others.
    void describe(std::uint16_t list, ListReport report);

    /// Fails only when there is no room for more.
    Result<void> add(std::uint16_t list, const NameRule& rule);

    /// Fails when RE2 does not take the expression, or there are PatternSet::kPatternsMax already.
    Result<void> add(std::uint16_t list, const PatternRule& rule);

    /// Fails when another company has the same slug, or the same CompanyId by chance.
    Result<void> add_company(const CompanyFact& company);

    /// The last one said about a domain holds.  `domain` is in DomainName's form, `slug` that of an
    /// added company; or empty, when only the purpose is known.
    Result<void> add_domain(const std::string& domain, std::string_view slug, Purpose purpose);

    /// Says of a domain that was added by what it evades.  Fails when it was not.
    Result<void> mark(const std::string& domain, Evasion evasion);

    /// The last one said about an address holds.
    void add_address(const EvasiveAddress& address);

    /// Writes the file beside `path`, makes it durable and renames it over `path`; what was there
    /// stays when anything fails.  `compiled_at` is RFC 3339.  Once only.
    Result<void> write(const std::string& path, std::string_view compiled_at);

    /// What write() wrote: rules about names and patterns, each once, without cancelled ones.
    [[nodiscard]] std::uint64_t rule_count() const { return rule_count_; }

    /// Of all lists, in the order in which they were added; whole after write().
    [[nodiscard]] const std::vector<ListReport>& reports() const { return lists_; }

private:
    struct Pattern {
        std::vector<std::uint16_t> lists;  ///< That give it; ascending.
        PatternRule rule;
    };

    Result<void> write_file(const std::string& path, std::string_view compiled_at,
                            std::uint64_t seed);
    void settle_patterns();
    std::vector<std::uint8_t> stored_patterns();
    [[nodiscard]] std::vector<std::uint8_t> stored_companies() const;
    [[nodiscard]] std::vector<std::uint8_t> stored_lists() const;
    [[nodiscard]] std::vector<std::uint8_t> stored_addresses() const;

    std::vector<ListReport> lists_;
    ListSetTable sets_;
    RuleHeap names_;
    std::vector<Pattern> patterns_;
    std::map<CompanyId, CompanyFact> companies_;
    std::map<std::string, std::vector<std::uint8_t>> domains_;  ///< To stored attributions.
    std::map<IpAddress, Evasion> addresses_;
    std::uint64_t rule_count_ = 0;
};

}  // namespace sporvakt::trackers
