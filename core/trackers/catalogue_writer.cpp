#include "core/trackers/catalogue_writer.h"

#include "core/base/assert.h"
#include "core/base/byte_writer.h"
#include "core/base/whole_file.h"
#include "core/store/environment.h"
#include "core/trackers/catalogue_format.h"
#include "core/trackers/list_overlap.h"
#include "core/trackers/list_sets.h"
#include "core/trackers/name_expressions.h"
#include "core/trackers/name_table.h"
#include "core/trackers/pattern_set.h"
#include "core/trackers/stored_rule.h"

#include <algorithm>
#include <array>
#include <utility>

#include <openssl/sha.h>
#include <unistd.h>

namespace sporvakt::trackers {
namespace {

constexpr std::size_t kRulesOfOneNameMax = 65535;
constexpr std::size_t kSlack = std::size_t{8} << 20U;  // LMDB's own pages, with much to spare

/// Writes into a span, or only counts when there is none.
class RecordWriter {
public:
    explicit RecordWriter(std::span<std::uint8_t> out = {}) : out_(out) {}

    [[nodiscard]] std::size_t size() const { return size_; }

    void u8(std::size_t value) {
        if (!out_.empty()) {
            out_[size_] = static_cast<std::uint8_t>(value);
        }
        ++size_;
    }

    void u16(std::size_t value) {
        u8(value >> 8U);
        u8(value);
    }

    void bytes(Bytes value) {
        if (!out_.empty()) {
            std::copy(value.begin(), value.end(),
                      out_.begin() + static_cast<std::ptrdiff_t>(size_));
        }
        size_ += value.size();
    }

    void text(std::string_view value) { bytes(as_bytes(value)); }

private:
    std::span<std::uint8_t> out_;
    std::size_t size_ = 0;
};

template <class Writer>
void write_lists(Writer& out, std::uint16_t number, std::span<const std::uint16_t> lists) {
    out.u16(number);
    if (number == StoredLists::kWrittenOut) {
        out.u16(static_cast<std::uint16_t>(lists.size()));
        for (const std::uint16_t list : lists) {
            out.u16(list);
        }
    }
}

void write_rule(RecordWriter& out, const RuleHeap::Rule& rule, const RuleHeap::Rule& first,
                const ListSetTable& sets) {
    const bool needs_text = rule.before != first.before || rule.after != first.after;
    out.u8(rule.flags | (needs_text ? kHasText : 0U));
    write_lists(out, sets.find(rule.lists), rule.lists);
    out.bytes(rule.conditions);
    if (needs_text) {
        out.u16(rule.before.size() + rule.name.size() + rule.after.size());
        out.text(rule.before);
        out.text(rule.name);
        out.text(rule.after);
    }
}

std::size_t count_of(const RuleHeap::Group& group) {
    return std::min(group.rules.size(), kRulesOfOneNameMax);
}

void write_record(RecordWriter& out, const RuleHeap::Group& group, const ListSetTable& sets) {
    const RuleHeap::Rule& first = group.rules.front();
    out.u8(first.name.size());
    out.u8(first.before.size());
    out.u8(first.after.size());
    out.text(first.before);
    out.text(first.name);
    out.text(first.after);
    out.u16(count_of(group));
    for (const RuleHeap::Rule& rule : group.rules.first(count_of(group))) {
        write_rule(out, rule, first, sets);
    }
}

/// `lists` ascends.
void add_once(std::vector<std::uint16_t>& lists, std::uint16_t list) {
    const auto place = std::lower_bound(lists.begin(), lists.end(), list);
    if (place == lists.end() || *place != list) {
        lists.insert(place, list);
    }
}

/// All that have a rule about the name; `all` is where they lie when there are several rules.
std::span<const std::uint16_t> lists_of(const RuleHeap::Group& group,
                                        std::vector<std::uint16_t>& all) {
    if (group.rules.size() == 1) {
        return group.rules.front().lists;
    }
    all.clear();
    for (const RuleHeap::Rule& rule : group.rules) {
        all.insert(all.end(), rule.lists.begin(), rule.lists.end());
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

struct Sizes {
    std::size_t names = 0;
    std::size_t rules = 0;
    std::size_t record_bytes = 0;
};

/// Numbers the sets of lists too, and tells the lists beside one another.
Sizes sizes_of(const RuleHeap& heap, ListSetTable& sets, ListOverlap& overlap) {
    Sizes sizes;
    RecordWriter counter;
    std::vector<std::uint16_t> lists;
    heap.visit([&](const RuleHeap::Group& group) {
        ++sizes.names;
        sizes.rules += count_of(group);
        for (const RuleHeap::Rule& rule : group.rules) {
            sets.add(rule.lists);
        }
        overlap.add(lists_of(group, lists));
        write_record(counter, group, sets);
    });
    sizes.record_bytes = counter.size();
    return sizes;
}

/// False when the names crowd in this layout.
bool fill_slots(const RuleHeap& heap, const ListSetTable& sets, NameTableLayout layout) {
    bool all_placed = true;
    RecordWriter counter;
    heap.visit([&](const RuleHeap::Group& group) {
        all_placed = all_placed && layout.add(group.hash, counter.size());
        write_record(counter, group, sets);
    });
    return all_placed;
}

class FileOfValues {
public:
    static Result<FileOfValues> create(const std::string& path, std::size_t bytes) {
        store::EnvironmentOptions options;
        options.access = store::Access::ReadWrite;
        options.sharing = store::Sharing::Immutable;
        options.durability = store::Durability::AtSync;
        options.tables = {std::string(kCatalogueTable)};
        options.map_size = bytes + kSlack;
        options.map_size_max = options.map_size;
        auto environment = SPORVAKT_TRY(store::Environment::open(path, options));
        auto transaction = SPORVAKT_TRY(environment->begin_write());
        return FileOfValues(std::move(environment), std::move(transaction));
    }

    Result<void> put(std::string_view key, Bytes value) {
        return transaction_.put(table_, as_bytes(key), value);
    }

    Result<std::span<std::uint8_t>> reserve(std::string_view key, std::size_t size) {
        return transaction_.reserve(table_, as_bytes(key), size);
    }

    Result<void> finish() {
        SPORVAKT_TRY(transaction_.commit());
        return environment_->sync();
    }

private:
    FileOfValues(std::unique_ptr<store::Environment> environment,
                 store::WriteTransaction transaction)
        : environment_(std::move(environment)),
          transaction_(std::move(transaction)),
          table_(environment_->table(kCatalogueTable)) {}

    std::unique_ptr<store::Environment> environment_;  // outlives the transaction
    store::WriteTransaction transaction_;
    store::Table table_;
};

/// Removes the unfinished file, unless it was renamed.
class TemporaryFile {
public:
    explicit TemporaryFile(std::string path) : path_(std::move(path)) { remove(); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    TemporaryFile(TemporaryFile&&) = delete;
    TemporaryFile& operator=(TemporaryFile&&) = delete;
    ~TemporaryFile() { remove(); }

    [[nodiscard]] const std::string& path() const { return path_; }
    void remove() const { static_cast<void>(::unlink(path_.c_str())); }

private:
    std::string path_;
};

}  // namespace

CompanyId company_id(std::string_view slug) {
    std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
    const Bytes bytes = as_bytes(slug);
    SHA256(bytes.data(), bytes.size(), digest.data());
    std::uint32_t id = 0;
    for (std::size_t i = 0; i < sizeof(id); ++i) {
        id = (id << 8U) | digest[i];
    }
    return CompanyId{std::max(id, 1U)};
}

Result<std::uint16_t> CatalogueWriter::add_list(std::string name) {
    if (lists_.size() >= kListsMax) {
        return fail(Errc::InvalidInput,
                    "there are more lists than a catalogue can hold; leave "
                    "some out");
    }
    ListReport report;
    report.name = std::move(name);
    lists_.push_back(std::move(report));
    return static_cast<std::uint16_t>(lists_.size() - 1);
}

void CatalogueWriter::describe(std::uint16_t list, ListReport report) {
    report.name = std::move(lists_.at(list).name);  // that verdicts know already
    lists_.at(list) = std::move(report);
}

Result<void> CatalogueWriter::add(std::uint16_t list, const NameRule& rule) {
    SPORVAKT_ASSERT(list < lists_.size());
    if (!names_.add(list, rule)) {
        return fail(Errc::InvalidInput,
                    "the lists hold more rules than one catalogue can; leave some out");
    }
    return {};
}

Result<void> CatalogueWriter::add(std::uint16_t list, const PatternRule& rule) {
    SPORVAKT_ASSERT(list < lists_.size());
    if (patterns_.size() >= PatternSet::kPatternsMax) {
        return fail(Errc::InvalidInput, "there are more expressions than a catalogue can hold (" +
                                            std::to_string(PatternSet::kPatternsMax) + ")");
    }
    if (const auto fault = NameExpressions::fault_of(rule.expression)) {
        return fail(Errc::InvalidInput, "the expression cannot be used: " + *fault);
    }
    patterns_.push_back({{list}, rule});
    return {};
}

Result<void> CatalogueWriter::add_company(const CompanyFact& company) {
    const auto [known, is_new] = companies_.emplace(company_id(company.slug), company);
    if (!is_new) {
        return fail(Errc::InvalidInput, "the companies '" + known->second.slug + "' and '" +
                                            company.slug + "' have one id; rename one of them");
    }
    return {};
}

Result<void> CatalogueWriter::add_domain(const std::string& domain, std::string_view slug,
                                         Purpose purpose) {
    const CompanyId company = slug.empty() ? CompanyId::None : company_id(slug);
    if (company != CompanyId::None && !companies_.contains(company)) {
        return fail(Errc::InvalidInput, domain + " belongs to the company '" + std::string(slug) +
                                            "', which is not "
                                            "among the companies");
    }
    domains_[domain] = ByteWriter()
                           .u32(static_cast<std::uint32_t>(company))
                           .u8(static_cast<std::uint8_t>(purpose))
                           .u8(static_cast<std::uint8_t>(Evasion::None))
                           .result();
    return {};
}

Result<void> CatalogueWriter::mark(const std::string& domain, Evasion evasion) {
    const auto known = domains_.find(domain);
    if (known == domains_.end()) {
        return fail(Errc::NotFound, domain + " is not among the domains");
    }
    known->second.back() = static_cast<std::uint8_t>(evasion);
    return {};
}

void CatalogueWriter::add_address(const EvasiveAddress& address) {
    addresses_[address.address] = address.evasion;
}

void CatalogueWriter::settle_patterns() {
    const std::vector<Pattern> all = std::exchange(patterns_, {});
    const auto says_the_same = [](const Pattern& left, const Pattern& right) {
        return left.rule.expression == right.rule.expression &&
               left.rule.terms.action == right.rule.terms.action &&
               left.rule.terms.weight == right.rule.terms.weight &&
               left.rule.terms.conditions == right.rule.terms.conditions;
    };
    for (const Pattern& pattern : all) {
        const bool is_cancelled = std::any_of(all.begin(), all.end(), [&](const Pattern& other) {
            return other.rule.terms.effect == RuleEffect::Cancels && says_the_same(other, pattern);
        });
        const auto known = std::find_if(patterns_.begin(), patterns_.end(), [&](const auto& other) {
            return says_the_same(other, pattern);
        });
        if (known != patterns_.end()) {
            add_once(known->lists, pattern.lists.front());
        } else if (!is_cancelled) {
            patterns_.push_back(pattern);
        }
    }
}

std::vector<std::uint8_t> CatalogueWriter::stored_patterns() {
    ByteWriter out;
    out.u32(static_cast<std::uint32_t>(patterns_.size()));
    for (const Pattern& pattern : patterns_) {
        const auto flags = rule_flags(pattern.rule.terms, RuleScope::Exact);
        out.u8(pattern.rule.tail_length).text16(pattern.rule.expression);
        out.u8(static_cast<std::uint8_t>(flags | kHasText));
        write_lists(out, sets_.add(pattern.lists), pattern.lists);
        out.bytes(stored_conditions(pattern.rule.terms.conditions)).text16(pattern.rule.text);
    }
    return out.result();
}

std::vector<std::uint8_t> CatalogueWriter::stored_companies() const {
    ByteWriter rows;
    ByteWriter texts;
    rows.u32(static_cast<std::uint32_t>(companies_.size()));
    for (const auto& [id, company] : companies_) {
        rows.u32(static_cast<std::uint32_t>(id));
        rows.u32(static_cast<std::uint32_t>(texts.result().size()));
        for (const std::string* text :
             {&company.slug, &company.name, &company.parent, &company.country, &company.website}) {
            texts.text16(*text);
        }
    }
    return rows.bytes(texts.result()).result();
}

std::vector<std::uint8_t> CatalogueWriter::stored_lists() const {
    ByteWriter out;
    out.u16(static_cast<std::uint16_t>(lists_.size()));
    for (const ListReport& list : lists_) {
        out.text16(list.name);
    }
    return out.result();
}

std::vector<std::uint8_t> CatalogueWriter::stored_addresses() const {
    ByteWriter out;
    for (const auto& [address, evasion] : addresses_) {
        std::array<std::uint8_t, 16> bytes{};
        std::copy(address.bytes().begin(), address.bytes().end(), bytes.begin());
        out.u8(static_cast<std::uint8_t>(address.family()))
            .bytes(bytes)
            .u8(static_cast<std::uint8_t>(evasion));
    }
    return out.result();
}

Result<void> CatalogueWriter::write_file(const std::string& path, std::string_view compiled_at,
                                         std::uint64_t seed) {
    names_.sort(seed);
    sets_.begin(lists_.size());
    ListOverlap overlap(lists_.size());
    const Sizes sizes = sizes_of(names_, sets_, overlap);
    for (std::size_t list = 0; list < lists_.size(); ++list) {
        overlap.tell(static_cast<std::uint16_t>(list), lists_[list]);
    }
    const std::vector<std::uint8_t> reports = stored_reports(lists_);
    const std::vector<std::uint8_t> patterns = stored_patterns();
    const std::vector<std::uint8_t> sets = sets_.stored();
    const std::size_t slot_bytes = NameTableLayout::slot_bytes(sizes.names);
    const NameTableImage domains = NameTableImage::of(domains_);
    const std::vector<std::uint8_t> companies = stored_companies();
    const std::vector<std::uint8_t> addresses = stored_addresses();
    rule_count_ = sizes.rules + patterns_.size();

    FileOfValues file = SPORVAKT_TRY(
        FileOfValues::create(path, sizes.record_bytes + slot_bytes + domains.slots.size() +
                                       domains.records.size() + companies.size() + patterns.size() +
                                       sets.size() + reports.size() + addresses.size()));
    ByteWriter header;
    header.u32(kCatalogueFormat).u64(rule_count_).text16(compiled_at);
    SPORVAKT_TRY(file.put(kHeaderKey, header.result()));
    SPORVAKT_TRY(file.put(kListsKey, stored_lists()));
    SPORVAKT_TRY(file.put(kListSetsKey, sets));
    SPORVAKT_TRY(file.put(kListReportsKey, reports));
    SPORVAKT_TRY(file.put(kPatternsKey, patterns));
    SPORVAKT_TRY(file.put(kCompaniesKey, companies));
    SPORVAKT_TRY(file.put(kEvasiveAddressesKey, addresses));
    SPORVAKT_TRY(file.put(kDomainSlotsKey, domains.slots));
    SPORVAKT_TRY(file.put(kDomainRecordsKey, domains.records));

    RecordWriter records(SPORVAKT_TRY(file.reserve(kRuleRecordsKey, sizes.record_bytes)));
    names_.visit([&](const RuleHeap::Group& group) { write_record(records, group, sets_); });
    const auto slots = SPORVAKT_TRY(file.reserve(kRuleSlotsKey, slot_bytes));
    if (!fill_slots(names_, sets_, NameTableLayout(sizes.names, seed, slots))) {
        return fail(Errc::Unavailable, "the names crowd");
    }
    return file.finish();
}

Result<void> CatalogueWriter::write(const std::string& path, std::string_view compiled_at) {
    settle_patterns();
    const TemporaryFile temporary(path + ".new-" + std::to_string(::getpid()));
    constexpr std::uint64_t kSeeds = 4;
    for (std::uint64_t seed = 1;; ++seed) {
        const auto written = write_file(temporary.path(), compiled_at, seed);
        if (written) {
            return put_in_place(temporary.path(), path);
        }
        // Only a list that somebody made to crowd the table needs another seed.
        if (written.error().code != Errc::Unavailable || seed == kSeeds) {
            return tl::unexpected(written.error());
        }
        temporary.remove();
    }
}

}  // namespace sporvakt::trackers
