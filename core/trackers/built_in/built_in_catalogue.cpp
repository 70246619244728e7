#include "core/trackers/built_in/built_in_catalogue.h"

#include "core/base/ascii.h"
#include "core/base/country_code.h"
#include "core/base/domain_name.h"
#include "core/trackers/built_in/facts.h"
#include "core/trackers/built_in/third_party_web.h"
#include "core/trackers/catalogue_writer.h"
#include "core/trackers/rule_name.h"
#include "core/trackers/words.h"

#include <map>
#include <optional>
#include <set>
#include <utility>

namespace sporvakt::trackers {
namespace {

constexpr std::string_view kAsGiven = "-";  // in a table: no word of ours on this
constexpr std::size_t kExceptNamesMax = 255;

struct Domain {
    std::string company;
    Purpose purpose = Purpose::Unknown;
    Evasion evasion = Evasion::None;
};

struct EntityFact {
    std::string company;
    std::optional<Purpose> purpose;
};

std::string slug_of(std::string_view name) {
    std::string slug;
    for (const char c : lowered(name)) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            slug += c;
        } else if (!slug.empty() && slug.back() != '-') {
            slug += '-';
        }
    }
    while (slug.ends_with('-')) {
        slug.pop_back();
    }
    return slug;
}

bool is_blocked(Purpose purpose) {
    return purpose_info(purpose).treatment == DefaultTreatment::Block;
}

/// Everything that is known, put together from the tables.
class Facts {
public:
    explicit Facts(const BuiltInSources& sources) : sources_(sources) {}

    Result<void> read() {
        SPORVAKT_TRY(read_companies());
        SPORVAKT_TRY(read_aliases());
        SPORVAKT_TRY(read_categories());
        SPORVAKT_TRY(read_entities());
        for (const ThirdParty& party : SPORVAKT_TRY(read_third_parties(sources_.entities))) {
            SPORVAKT_TRY(add(party));
        }
        SPORVAKT_TRY(read_domains());
        SPORVAKT_TRY(read_ways_around());
        SPORVAKT_TRY(read_disguises());
        inherit_evasions();
        return {};
    }

    [[nodiscard]] const std::map<std::string, CompanyFact>& companies() const { return companies_; }
    [[nodiscard]] const std::map<std::string, Domain>& domains() const { return domains_; }
    [[nodiscard]] const std::vector<EvasiveAddress>& addresses() const { return addresses_; }
    [[nodiscard]] const std::vector<std::string>& refused() const { return refused_; }

private:
    [[nodiscard]] std::string table(const char* name) const { return sources_.facts + "/" + name; }

    static tl::unexpected<Error> wrong(const std::string& path, const FactRow& row,
                                       const std::string& why) {
        return fail(Errc::InvalidInput, path + ":" + std::to_string(row.line) + ": " + why);
    }

    Result<void> read_companies() {
        const std::string path = table("companies.txt");
        const auto rows = SPORVAKT_TRY(read_facts(path, 5));
        for (const FactRow& row : rows) {
            SPORVAKT_TRY(read_company(path, row));
        }
        for (const FactRow& row : rows) {
            SPORVAKT_TRY(check_owners(path, row));
        }
        return {};
    }

    Result<void> read_company(const std::string& path, const FactRow& row) {
        const auto& f = row.fields;
        if (f[0].empty() || f[0] != slug_of(f[0]) ||
            !companies_.emplace(f[0], CompanyFact{f[0], f[1], f[2], f[3], f[4]}).second) {
            return wrong(path, row, "the id '" + f[0] + "' is not one, or stands twice");
        }
        if (!f[3].empty() && !is_country_code(f[3])) {
            return wrong(path, row, "'" + f[3] + "' is not a country");
        }
        if (!f[4].empty() && !f[4].starts_with("https://")) {
            return wrong(path, row, "'" + f[4] + "' is not an https:// address");
        }
        if (f[1].empty() || !slugs_by_name_.emplace(lowered(f[1]), f[0]).second) {
            return wrong(path, row, "the name '" + f[1] + "' is missing, or stands twice");
        }
        return {};
    }

    [[nodiscard]] Result<void> check_owners(const std::string& path, const FactRow& row) const {
        if (!row.fields[2].empty() && !companies_.contains(row.fields[2])) {
            return wrong(path, row, "the parent '" + row.fields[2] + "' is not a company");
        }
        if (!has_top_owner(row.fields[0])) {
            return wrong(path, row,
                         "'" + row.fields[0] +
                             "' belongs to itself, or has more owners above one another than can "
                             "be");
        }
        return {};
    }

    /// third-party-web calls some companies by these.
    Result<void> read_aliases() {
        const std::string path = table("aliases.txt");
        for (const FactRow& row : SPORVAKT_TRY(read_facts(path, 2))) {
            if (!companies_.contains(row.fields[1])) {
                return wrong(path, row, "'" + row.fields[1] + "' is not a company");
            }
            if (row.fields[0].empty() ||
                !slugs_by_name_.emplace(lowered(row.fields[0]), row.fields[1]).second) {
                return wrong(path, row,
                             "the alias '" + row.fields[0] + "' is missing, or somebody's already");
            }
        }
        return {};
    }

    /// Whether the chain of owners ends, as near as in any real group of companies.
    [[nodiscard]] bool has_top_owner(const std::string& slug) const {
        constexpr int kOwnersMax = 4;
        auto company = companies_.find(slug);
        for (int owners = 0; owners <= kOwnersMax; ++owners) {
            const std::string& parent = company->second.parent;
            if (parent.empty()) {
                return true;
            }
            company = companies_.find(parent);
            if (company == companies_.end()) {
                return false;
            }
        }
        return false;
    }

    Result<void> read_categories() {
        const std::string path = table("categories.txt");
        for (const FactRow& row : SPORVAKT_TRY(read_facts(path, 2))) {
            const auto purpose = purpose_from_id(row.fields[1]);
            if (!purpose) {
                return wrong(path, row, "'" + row.fields[1] + "' is not a purpose");
            }
            categories_[row.fields[0]] = *purpose;
        }
        return {};
    }

    Result<void> read_entities() {
        const std::string path = table("entities.txt");
        for (const FactRow& row : SPORVAKT_TRY(read_facts(path, 3))) {
            const auto& f = row.fields;
            EntityFact fact;
            if (f[1] != kAsGiven) {
                if (!companies_.contains(f[1])) {
                    return wrong(path, row, "'" + f[1] + "' is not a company");
                }
                fact.company = f[1];
            }
            fact.purpose = purpose_from_id(f[2]);
            if (f[2] != kAsGiven && !fact.purpose) {
                return wrong(path, row, "'" + f[2] + "' is not a purpose");
            }
            if (!entities_.emplace(f[0], fact).second) {
                return wrong(path, row, "the entity '" + f[0] + "' stands twice");
            }
        }
        return {};
    }

    Result<void> add(const ThirdParty& party) {
        const auto category = categories_.find(party.category);
        if (category == categories_.end()) {
            return fail(Errc::InvalidInput, table("categories.txt") + ": says nothing of '" +
                                                party.category + "', the category of " +
                                                party.name);
        }
        const EntityFact fact = entities_[party.name];
        const Domain domain{fact.company.empty() ? company_of(party) : fact.company,
                            fact.purpose.value_or(category->second)};
        for (const std::string& written : party.domains) {
            if (const auto name = accepted(written)) {
                domains_.emplace(*name, domain);
            }
        }
        return {};
    }

    /// The company that it names, or one of its own name; ours when we know one of that name.
    std::string company_of(const ThirdParty& party) {
        const std::string& name = party.company.empty() ? party.name : party.company;
        const auto known = slugs_by_name_.find(lowered(name));
        if (known != slugs_by_name_.end()) {
            return known->second;
        }
        std::string slug = slug_of(name);
        companies_.emplace(slug, CompanyFact{slug, name, "", "", party.homepage});
        slugs_by_name_[lowered(name)] = slug;
        return slug;
    }

    std::optional<std::string> accepted(std::string_view written) {
        const std::string_view bare = written.substr(written.starts_with("*.") ? 2 : 0);
        auto name = catalogue_name(bare);
        if (!name || name->find('.') == std::string::npos) {
            refused_.emplace_back(written);
            return std::nullopt;
        }
        return std::move(*name);
    }

    Result<void> read_domains() {
        const std::string path = table("domains.txt");
        for (const FactRow& row : SPORVAKT_TRY(read_facts(path, 3))) {
            const auto& f = row.fields;
            const auto purpose = purpose_from_id(f[2]);
            if (!purpose || (f[1] != kAsGiven && !companies_.contains(f[1]))) {
                return wrong(path, row,
                             "'" + f[1] + "' is not a company, or '" + f[2] + "' is not a purpose");
            }
            const auto name = accepted(f[0]);
            if (!name) {
                return wrong(path, row, "'" + f[0] + "' is not a domain");
            }
            if (!said_.insert(*name).second) {
                return wrong(path, row, "'" + f[0] + "' stands twice");
            }
            const auto known = domains_.find(*name);
            if (f[1] == kAsGiven && known == domains_.end()) {
                return wrong(path, row, "third-party-web knows no company for " + f[0]);
            }
            domains_[*name] = {f[1] == kAsGiven ? known->second.company : f[1], *purpose};
        }
        return {};
    }

    Result<void> read_ways_around() {
        const std::string path = table("ways-around.txt");
        for (const FactRow& row : SPORVAKT_TRY(read_facts(path, 3))) {
            SPORVAKT_TRY(add_way_around(path, row));
        }
        return {};
    }

    Result<void> add_way_around(const std::string& path, const FactRow& row) {
        const auto& f = row.fields;
        const auto evasion = evasion_from_id(f[2]);
        if (!evasion || !is_way_around(*evasion)) {
            return wrong(path, row, "'" + f[2] + "' is not a way around");
        }
        if (!f[1].empty() && !companies_.contains(f[1])) {
            return wrong(path, row, "'" + f[1] + "' is not a company");
        }
        const auto address = IpAddress::from_text(f[0]);
        const auto name = address ? address->text() : accepted(f[0]);
        if (!name) {
            return wrong(path, row, "'" + f[0] + "' is neither a domain nor an address");
        }
        if (!said_.insert(*name).second) {
            return wrong(path, row, "'" + f[0] + "' stands twice, here or in domains.txt");
        }
        if (address) {
            addresses_.push_back({*address, *evasion});
        } else {
            domains_[*name] = {f[1], Purpose::WayAround, *evasion};
        }
        return {};
    }

    Result<void> read_disguises() {
        const std::string path = table("disguises.txt");
        for (const FactRow& row : SPORVAKT_TRY(read_facts(path, 1))) {
            const auto domain = domains_.find(row.fields[0]);
            if (domain == domains_.end() || !is_tracking(domain->second.purpose)) {
                return wrong(path, row,
                             "'" + row.fields[0] + "' is no tracker's domain; domains.txt says so");
            }
            if (domain->second.evasion != Evasion::None) {
                return wrong(path, row, "'" + row.fields[0] + "' stands twice");
            }
            domain->second.evasion = Evasion::Disguise;
        }
        return {};
    }

    /// A row of its own below a name that evades must not hide that it does so too.
    void inherit_evasions() {
        for (auto& [name, domain] : domains_) {
            std::string_view above = parent_suffix(name);
            for (; domain.evasion == Evasion::None && !above.empty();
                 above = parent_suffix(above)) {
                inherit(domain, above);
            }
        }
    }

    void inherit(Domain& domain, std::string_view above) const {
        const auto owner = domains_.find(std::string(above));
        if (owner == domains_.end()) {
            return;
        }
        const bool is_disguise = owner->second.evasion == Evasion::Disguise;
        if (is_way_around(owner->second.evasion)) {
            domain.purpose = Purpose::WayAround;
        }
        if (!is_disguise || is_tracking(domain.purpose)) {
            domain.evasion = owner->second.evasion;
        }
    }

    const BuiltInSources& sources_;
    std::map<std::string, CompanyFact> companies_;
    std::map<std::string, std::string> slugs_by_name_;
    std::map<std::string, Purpose> categories_;
    std::map<std::string, EntityFact> entities_;
    std::map<std::string, Domain> domains_;
    std::set<std::string> said_;  ///< What a row of ours speaks of.
    std::vector<EvasiveAddress> addresses_;
    std::vector<std::string> refused_;
};

/// The domains that are let through although one above them is blocked, by the latter.
std::map<std::string, std::vector<std::string>> exceptions_of(
    const std::map<std::string, Domain>& domains) {
    std::map<std::string, std::vector<std::string>> result;
    for (const auto& [name, domain] : domains) {
        if (is_blocked(domain.purpose)) {
            continue;
        }
        std::string_view above = parent_suffix(name);
        for (; !above.empty(); above = parent_suffix(above)) {
            const auto found = domains.find(std::string(above));
            if (found != domains.end() && is_blocked(found->second.purpose)) {
                result[found->first].push_back(name);
            }
        }
    }
    return result;
}

/// Anybody's pages may live below a public suffix, of the private section too.
bool may_be_blocked(const std::string& name) {
    return rule_name(name).has_value();
}

Result<void> add_rules(CatalogueWriter& writer, const std::map<std::string, Domain>& domains,
                       BuiltInReport& report) {
    const std::uint16_t list = SPORVAKT_TRY(writer.add_list(std::string(kBuiltInList)));
    auto exceptions = exceptions_of(domains);
    for (const auto& [name, domain] : domains) {
        if (!is_blocked(domain.purpose)) {
            continue;
        }
        if (!may_be_blocked(name)) {
            report.refused.push_back(name);
            continue;
        }
        NameRule rule{name, RuleScope::WithSubdomains, {}, "||", "^"};
        rule.terms.conditions.except_names = std::move(exceptions[name]);
        if (rule.terms.conditions.except_names.size() > kExceptNamesMax) {
            return fail(Errc::InvalidInput, name +
                                                " is blocked, and has more exceptions than a "
                                                "rule can hold");
        }
        SPORVAKT_TRY(writer.add(list, rule));
        ++report.blocked;
    }
    return {};
}

}  // namespace

Result<BuiltInReport> compile_built_in(const BuiltInSources& sources, const std::string& out,
                                       std::string_view compiled_at) {
    Facts facts(sources);
    SPORVAKT_TRY(facts.read());
    CatalogueWriter writer;
    for (const auto& [slug, company] : facts.companies()) {
        SPORVAKT_TRY(writer.add_company(company));
    }
    for (const auto& [name, domain] : facts.domains()) {
        SPORVAKT_TRY(writer.add_domain(name, domain.company, domain.purpose));
        SPORVAKT_TRY(writer.mark(name, domain.evasion));
    }
    for (const EvasiveAddress& address : facts.addresses()) {
        writer.add_address(address);
    }
    BuiltInReport report;
    report.companies = facts.companies().size();
    report.domains = facts.domains().size();
    report.refused = facts.refused();
    SPORVAKT_TRY(add_rules(writer, facts.domains(), report));
    SPORVAKT_TRY(writer.write(out, compiled_at));
    return report;
}

}  // namespace sporvakt::trackers
