#include "core/trackers/catalogue.h"

#include "core/store/environment.h"
#include "core/trackers/catalogue_format.h"
#include "core/trackers/catalogue_writer.h"
#include "core/trackers/name_table.h"
#include "core/trackers/pattern_set.h"
#include "core/trackers/stored_rule.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace sporvakt::trackers {
namespace {

auto strength(const RuleMatch& rule) {
    return std::make_tuple(rule.important, rule.suffix_length, rule.action == RuleAction::Allow);
}

tl::unexpected<Error> damaged(const std::string& path) {
    return fail(Errc::Storage, path +
                                   ": this catalogue is damaged; compile it again "
                                   "(sporvakt lists compile)");
}

/// The whole of `suffix` is the rule's name; `name` was asked for.
bool covers(const StoredRule& rule, std::string_view suffix, std::string_view name) {
    const bool is_name_itself = suffix.size() == name.size();
    return rule.scope == RuleScope::WithSubdomains ||
           is_name_itself == (rule.scope == RuleScope::Exact);
}

struct Question {
    std::string_view name;
    RecordType type;
};

bool conditions_hold(const StoredRule& rule, const Question& question) {
    return rule.is_for_type(question.type) &&
           (rule.except_names.empty() || !rule.excepts(question.name));
}

/// Shows every rule of a record that speaks about the question.
template <class Visitor>
void visit_rules(const NameTable::Record& record, const Question& question,
                 const Visitor& visitor) {
    ByteReader from(record.payload);
    const std::uint16_t count = from.u16().value_or(0);
    for (unsigned i = 0; i < count; ++i) {
        const auto rule = read_rule(from);
        if (!rule) {
            return;
        }
        if (covers(*rule, record.name, question.name) && conditions_hold(*rule, question)) {
            visitor(*rule);
        }
    }
}

}  // namespace

class Catalogue::Mapping {
public:
    static Result<std::unique_ptr<Mapping>> open(const std::string& path) {
        store::EnvironmentOptions options;
        options.sharing = store::Sharing::Immutable;
        options.tables = {std::string(kCatalogueTable)};
        auto environment = SPORVAKT_TRY(store::Environment::open(path, options));
        auto transaction = SPORVAKT_TRY(environment->begin_read());
        std::unique_ptr<Mapping> mapping(
            new Mapping(std::move(environment), std::move(transaction)));
        SPORVAKT_TRY(mapping->read());
        return mapping;
    }

    [[nodiscard]] const NameTable& rules() const { return rules_; }
    [[nodiscard]] const NameTable& domains() const { return domains_; }
    [[nodiscard]] const PatternSet& patterns() const { return patterns_; }
    [[nodiscard]] std::uint64_t rule_count() const { return rule_count_; }
    [[nodiscard]] std::string_view compiled_at() const { return compiled_at_; }
    [[nodiscard]] std::size_t company_count() const { return company_count_; }

    [[nodiscard]] const ListSets& lists() const { return lists_; }
    [[nodiscard]] Bytes list_reports() const { return list_reports_; }
    [[nodiscard]] Bytes evasive_addresses() const { return evasive_addresses_; }

    /// Shows every rule that speaks about the question, still without the name of its list.
    template <class Visitor>
    void visit_matches(const Question& question, const Visitor& visitor) const {
        const auto show = [&](const StoredRule& rule, std::size_t length, std::string_view text) {
            visitor(RuleMatch{rule.action,
                              rule.weight == RuleWeight::Important,
                              static_cast<std::uint16_t>(length),
                              rule.text.empty() ? text : rule.text,
                              {}},
                    rule.lists);
        };
        SuffixWalk walk(question.name, rules_.seed());
        while (walk.next()) {
            if (const auto record = rules_.find(walk.suffix(), walk.hash())) {
                visit_rules(*record, question, [&](const StoredRule& rule) {
                    show(rule, record->name.size(), record->text);
                });
            }
        }
        for (const PatternSet::Pattern* pattern : patterns_.matches(question.name)) {
            if (conditions_hold(pattern->rule, question)) {
                // An allowing pattern names the whole name; a blocking one claims no more than it
                // spells out, so that any rule that allows the name beats it.
                const bool allows = pattern->rule.action == RuleAction::Allow;
                show(pattern->rule, allows ? question.name.size() : pattern->tail_length, {});
            }
        }
    }

    [[nodiscard]] CompanyId company_id_at(std::size_t row) const {
        ByteReader from(company_rows_.subspan(row * kCompanyRowBytes));
        return CompanyId{from.u32().value_or(0)};
    }

    [[nodiscard]] Parsed<Company> company_at(std::size_t row) const {
        ByteReader from(company_rows_.subspan(row * kCompanyRowBytes));
        Company company;
        company.id = CompanyId{SPORVAKT_TRY(from.u32())};
        const std::size_t place = SPORVAKT_TRY(from.u32());
        ByteReader texts(company_texts_);
        SPORVAKT_TRY(texts.take(place));
        for (std::string_view* text :
             {&company.slug, &company.name, &company.parent, &company.country, &company.website}) {
            *text = as_text(SPORVAKT_TRY(texts.take_vector16()));
        }
        return company;
    }

private:
    Mapping(std::unique_ptr<store::Environment> environment, store::ReadTransaction transaction)
        : environment_(std::move(environment)), transaction_(std::move(transaction)) {}

    Result<Bytes> value(std::string_view key) {
        const auto found =
            SPORVAKT_TRY(transaction_.get(environment_->table(kCatalogueTable), as_bytes(key)));
        if (!found) {
            return damaged(environment_->path());
        }
        return *found;
    }

    Result<void> read() {
        const Bytes header = SPORVAKT_TRY(value(kHeaderKey));
        ByteReader from(header);
        const auto format = from.u32();
        if (format && *format != kCatalogueFormat) {
            return fail(Errc::Storage, environment_->path() +
                                           ": another version of sporvakt compiled this "
                                           "catalogue; compile it again (sporvakt lists compile)");
        }
        const auto rules = from.u64();
        const auto compiled_at = from.take_vector16();
        if (!compiled_at || !read_companies(SPORVAKT_TRY(value(kCompaniesKey)))) {
            return damaged(environment_->path());
        }
        const Bytes names = SPORVAKT_TRY(value(kListsKey));
        auto lists = ListSets::from(names, SPORVAKT_TRY(value(kListSetsKey)));
        if (!lists) {
            return damaged(environment_->path());
        }
        lists_ = std::move(*lists);
        list_reports_ = SPORVAKT_TRY(value(kListReportsKey));
        evasive_addresses_ = SPORVAKT_TRY(value(kEvasiveAddressesKey));
        rule_count_ = *rules;
        compiled_at_ = as_text(*compiled_at);
        return read_tables();
    }

    Result<void> read_tables() {
        const Bytes rule_slots = SPORVAKT_TRY(value(kRuleSlotsKey));
        const Bytes domain_slots = SPORVAKT_TRY(value(kDomainSlotsKey));
        auto rules = NameTable::from(rule_slots, SPORVAKT_TRY(value(kRuleRecordsKey)));
        auto domains = NameTable::from(domain_slots, SPORVAKT_TRY(value(kDomainRecordsKey)));
        auto patterns = PatternSet::from(SPORVAKT_TRY(value(kPatternsKey)));
        if (!rules || !domains || !patterns) {
            return damaged(environment_->path());
        }
        rules_ = *rules;
        domains_ = *domains;
        patterns_ = std::move(*patterns);
        return {};
    }

    Parsed<void> read_companies(Bytes bytes) {
        ByteReader from(bytes);
        company_count_ = SPORVAKT_TRY(from.u32());
        company_rows_ = SPORVAKT_TRY(from.take(company_count_ * kCompanyRowBytes));
        company_texts_ = from.take_rest();
        return {};
    }

    std::unique_ptr<store::Environment> environment_;  // outlives the transaction
    store::ReadTransaction transaction_;  // open as long as the mapping: the file never changes
    NameTable rules_;
    NameTable domains_;
    PatternSet patterns_;
    ListSets lists_;
    Bytes list_reports_;
    Bytes evasive_addresses_;
    Bytes company_rows_;
    Bytes company_texts_;
    std::size_t company_count_ = 0;
    std::uint64_t rule_count_ = 0;
    std::string_view compiled_at_;
};

namespace {

/// Keeps the strongest of the rules that it is shown.
class Strongest {
public:
    void offer(const RuleMatch& match, const StoredLists& lists) {
        if (!best_ || strength(match) > strength(*best_)) {
            best_ = match;
            lists_ = lists;
        }
    }

    /// With the name of its first list.
    [[nodiscard]] std::optional<RuleMatch> result(const ListSets& all,
                                                  const ListSelection* selection) const {
        std::optional<RuleMatch> best = best_;
        if (best) {
            best->list = all.first_name(lists_, selection);
        }
        return best;
    }

private:
    std::optional<RuleMatch> best_;
    StoredLists lists_;
};

}  // namespace

Catalogue::Catalogue(std::unique_ptr<Mapping> mapping) : mapping_(std::move(mapping)) {}
Catalogue::~Catalogue() = default;

Result<std::shared_ptr<const Catalogue>> Catalogue::open(const std::string& path) {
    auto mapping = SPORVAKT_TRY(Mapping::open(path));
    return std::shared_ptr<const Catalogue>(new Catalogue(std::move(mapping)));
}

std::optional<RuleMatch> Catalogue::find_rule(std::string_view name, RecordType type) const {
    Strongest strongest;
    mapping_->visit_matches({name, type}, [&](const RuleMatch& match, const StoredLists& lists) {
        strongest.offer(match, lists);
    });
    return strongest.result(mapping_->lists(), nullptr);
}

std::optional<RuleMatch> Catalogue::find_rule(std::string_view name, RecordType type,
                                              const ListSelection& lists) const {
    Strongest strongest;
    mapping_->visit_matches({name, type}, [&](const RuleMatch& match, const StoredLists& in) {
        if (lists.meets(in)) {
            strongest.offer(match, in);
        }
    });
    return strongest.result(mapping_->lists(), &lists);
}

std::vector<RuleVoice> Catalogue::rules_about(std::string_view name, RecordType type) const {
    const ListSets& all = mapping_->lists();
    std::vector<RuleVoice> voices;
    mapping_->visit_matches({name, type}, [&](const RuleMatch& match, const StoredLists& in) {
        RuleVoice voice{match, {}};
        for (const std::uint16_t list : all.members(in)) {
            voice.lists.push_back(all.names()[list]);
        }
        voice.match.list = voice.lists.empty() ? std::string_view() : voice.lists.front();
        voices.push_back(std::move(voice));
    });
    std::stable_sort(voices.begin(), voices.end(), [](const RuleVoice& a, const RuleVoice& b) {
        return is_stronger(a.match, b.match);
    });
    return voices;
}

ListSelection Catalogue::select(std::span<const std::string> lists) const {
    return mapping_->lists().select(lists);
}

std::vector<ListReport> Catalogue::list_reports() const {
    return read_reports(mapping_->list_reports()).value_or(std::vector<ListReport>{});
}

namespace {

// company:u32 purpose:u8 evasion:u8
constexpr std::size_t kAttributionBytes = 6;

std::optional<Attribution> attribution_in(const NameTable::Record& record) {
    ByteReader from(record.payload);
    const auto company = from.u32();
    const auto purpose = from.u8();
    const auto evasion = from.u8();
    if (!evasion || *purpose >= all_purposes().size() ||
        *evasion > static_cast<std::uint8_t>(kLastEvasion)) {
        return std::nullopt;
    }
    return Attribution{CompanyId{*company}, Purpose{*purpose}, Evasion{*evasion}, record.name};
}

/// The rows of kEvasiveAddressesKey, where they are mapped.
class EvasiveAddressRows {
public:
    explicit EvasiveAddressRows(Bytes bytes) : bytes_(bytes) {}

    [[nodiscard]] std::size_t count() const { return bytes_.size() / kEvasiveAddressBytes; }

    [[nodiscard]] Parsed<EvasiveAddress> at(std::size_t row) const {
        ByteReader from(bytes_.subspan(row * kEvasiveAddressBytes, kEvasiveAddressBytes));
        const bool is_v6 = SPORVAKT_TRY(from.u8()) == static_cast<std::uint8_t>(IpFamily::V6);
        const Bytes address = SPORVAKT_TRY(from.take(kAddressBytes));
        EvasiveAddress found;
        found.address = SPORVAKT_TRY(IpAddress::from_bytes(is_v6 ? address : address.first(4)));
        const std::uint8_t evasion = SPORVAKT_TRY(from.u8());
        if (evasion > static_cast<std::uint8_t>(kLastEvasion)) {
            return tl::unexpected(ParseError::Malformed);
        }
        found.evasion = Evasion{evasion};
        return found;
    }

private:
    static constexpr std::size_t kAddressBytes = 16;

    Bytes bytes_;
};

}  // namespace

std::optional<Attribution> Catalogue::attribution_of(std::string_view name) const {
    std::optional<NameTable::Record> longest;
    SuffixWalk walk(name, mapping_->domains().seed());
    while (walk.next()) {
        if (const auto record = mapping_->domains().find(walk.suffix(), walk.hash())) {
            longest = record;
        }
    }
    return longest ? attribution_in(*longest) : std::nullopt;
}

Evasion Catalogue::evasion_at(const IpAddress& address) const {
    const EvasiveAddressRows rows(mapping_->evasive_addresses());
    std::size_t first = 0;
    std::size_t last = rows.count();
    while (first < last) {
        const std::size_t middle = first + (last - first) / 2;
        const auto row = rows.at(middle);
        if (!row) {
            return Evasion::None;
        }
        if (row->address == address) {
            return row->evasion;
        }
        if (row->address < address) {
            first = middle + 1;
        } else {
            last = middle;
        }
    }
    return Evasion::None;
}

std::vector<EvasiveAddress> Catalogue::evasive_addresses() const {
    const EvasiveAddressRows rows(mapping_->evasive_addresses());
    std::vector<EvasiveAddress> all;
    for (std::size_t place = 0; place < rows.count(); ++place) {
        if (const auto row = rows.at(place)) {
            all.push_back(*row);
        }
    }
    return all;
}

std::vector<Attribution> Catalogue::domains_of(CompanyId id) const {
    std::vector<Attribution> domains;
    for (const NameTable::Record& record : mapping_->domains().all(kAttributionBytes)) {
        const auto attribution = attribution_in(record);
        if (attribution && attribution->company == id) {
            domains.push_back(*attribution);
        }
    }
    return domains;
}

std::optional<Company> Catalogue::company(CompanyId id) const {
    std::size_t first = 0;
    std::size_t last = mapping_->company_count();
    while (first < last) {
        const std::size_t middle = first + (last - first) / 2;
        if (mapping_->company_id_at(middle) < id) {
            first = middle + 1;
        } else {
            last = middle;
        }
    }
    if (first == mapping_->company_count() || mapping_->company_id_at(first) != id) {
        return std::nullopt;
    }
    const auto found = mapping_->company_at(first);
    return found ? std::optional<Company>(*found) : std::nullopt;
}

std::optional<Company> Catalogue::company_by_slug(std::string_view slug) const {
    const auto found = company(company_id(slug));
    return found && found->slug == slug ? found : std::nullopt;
}

std::vector<Company> Catalogue::companies() const {
    std::vector<Company> result;
    result.reserve(mapping_->company_count());
    for (std::size_t row = 0; row < mapping_->company_count(); ++row) {
        if (const auto company = mapping_->company_at(row)) {
            result.push_back(*company);
        }
    }
    return result;
}

std::uint64_t Catalogue::rule_count() const {
    return mapping_->rule_count();
}

std::string_view Catalogue::compiled_at() const {
    return mapping_->compiled_at();
}

bool is_stronger(const RuleMatch& left, const RuleMatch& right) {
    return strength(left) > strength(right);
}

const RuleMatch& stronger(const RuleMatch& left, const RuleMatch& right) {
    return strength(right) > strength(left) ? right : left;
}

}  // namespace sporvakt::trackers
