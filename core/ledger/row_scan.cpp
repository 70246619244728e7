#include "core/ledger/row_scan.h"

#include "core/base/byte_writer.h"
#include "core/ledger/fields.h"
#include "core/ledger/ledger_file.h"

#include <algorithm>

namespace sporvakt::ledger {
namespace {

constexpr std::size_t kDevicePlace = 4;
constexpr std::size_t kCompanyPlace = kDevicePlace + devices::DeviceId::kStoredLength;
constexpr std::size_t kOutcomePlace = kCompanyPlace + 4;
constexpr std::size_t kNamePlace = kOutcomePlace + 1;

std::optional<Hour> hour_in(Bytes key) {
    const Parsed<std::uint32_t> hours = ByteReader(key).u32();
    return hours ? std::optional<Hour>(Hour(std::chrono::hours(*hours))) : std::nullopt;
}

/// Looks at a key's bytes, so that what nobody asked for is not even decoded.
class KeyFilter {
public:
    explicit KeyFilter(const Filter& filter) : filter_(filter) {
        if (filter.company) {
            company_ = ByteWriter().u32(static_cast<std::uint32_t>(*filter.company)).result();
        }
    }

    [[nodiscard]] bool wants(Bytes key) const {
        if (key.size() < kNamePlace) {
            return true;  // damaged: to be noticed, not to be skipped
        }
        const Bytes device = key.subspan(kDevicePlace, devices::DeviceId::kStoredLength);
        const Bytes company = key.subspan(kCompanyPlace, kOutcomePlace - kCompanyPlace);
        return (!filter_.device || as_text(device) == as_text(filter_.device->stored())) &&
               (!filter_.company || as_text(company) == as_text(company_)) &&
               (!filter_.outcome ||
                key[kOutcomePlace] == static_cast<std::uint8_t>(*filter_.outcome)) &&
               as_text(key.subspan(kNamePlace)).find(filter_.name_contains) !=
                   std::string_view::npos;
    }

private:
    const Filter& filter_;
    std::vector<std::uint8_t> company_;
};

/// False when the stored row is damaged.
template <class StoredRow, class Visitor>
bool show(const Parsed<StoredRow>& row, const Visitor& visitor) {
    if (row) {
        visitor(*row);
    }
    return row.has_value();
}

bool is_less(Bytes left, Bytes right) {
    return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end());
}

}  // namespace

RowScan::Hours hours_between(Timestamp from, Timestamp to) {
    const Timestamp first = std::clamp(from, Timestamp{}, kTimeMax);
    const Timestamp end = std::clamp(to, Timestamp{}, kTimeMax);
    if (end <= first) {
        return {};
    }
    return {hour_of(first), hour_of(end - std::chrono::milliseconds(1)) + std::chrono::hours(1)};
}

Result<RowScan> RowScan::begin(store::Environment& environment, LiveRows& live) {
    // The live rows first: what is committed and forgotten after this line is in the database by
    // the time that the transaction begins.  The other way round it would be in neither.
    const std::vector<std::shared_ptr<const Row>> rows = live.rows();
    RowScan scan(environment, SPORVAKT_TRY(environment.begin_read()));
    const std::uint64_t rev = SPORVAKT_TRY(committed_rev(environment, scan.transaction_));
    live.forget_up_to(rev);
    for (const std::shared_ptr<const Row>& row : rows) {
        if (row->rev > rev) {
            scan.fresh_.emplace_back(encode(row->key), row);
        }
    }
    return scan;
}

Result<void> RowScan::visit(const Hours& hours, const Filter& filter,
                            const Visitor& visitor) const {
    const KeyFilter wanted(filter);
    const store::KeyRange range{hour_key(hours.from), hour_key(hours.to)};
    auto fresh = std::lower_bound(
        fresh_.begin(), fresh_.end(), range.from,
        [](const Fresh& one, const std::vector<std::uint8_t>& key) { return one.first < key; });
    const auto show_fresh = [&] {
        if (wanted.wants(fresh->first)) {
            visitor(*fresh->second);
        }
        ++fresh;
    };
    bool is_sound = true;
    SPORVAKT_TRY(transaction_.visit(
        environment_->table(kContactsTable), range, [&](const store::Entry& entry) {
            while (fresh != fresh_.end() && is_less(fresh->first, entry.key)) {
                show_fresh();
            }
            if (fresh != fresh_.end() && as_text(fresh->first) == as_text(entry.key)) {
                show_fresh();  // newer than the stored row, which it contains
                return store::Visit::Continue;
            }
            is_sound = !wanted.wants(entry.key) || show(parse_row(entry.key, entry.value), visitor);
            return is_sound ? store::Visit::Continue : store::Visit::Stop;
        }));
    if (!is_sound) {
        return damaged_ledger(*environment_);
    }
    while (fresh != fresh_.end() && range.is_before_end(fresh->first)) {
        show_fresh();
    }
    return {};
}

Result<void> RowScan::visit_days(const Hours& hours, const Filter& filter,
                                 const DayVisitor& visitor) const {
    const std::optional<store::Table> days = environment_->find_table(kDaysTable);
    if (!days) {
        return {};
    }
    const KeyFilter wanted(filter);  // the keys look the same
    const store::KeyRange range{hour_key(day_of(hours.from)), hour_key(hours.to)};
    bool is_sound = true;
    SPORVAKT_TRY(transaction_.visit(*days, range, [&](const store::Entry& entry) {
        is_sound = !wanted.wants(entry.key) || show(parse_day_row(entry.key, entry.value), visitor);
        return is_sound ? store::Visit::Continue : store::Visit::Stop;
    }));
    if (!is_sound) {
        return damaged_ledger(*environment_);
    }
    return {};
}

Result<std::optional<Hour>> RowScan::newest_stored(store::Table table, Hour end) const {
    store::Cursor cursor = SPORVAKT_TRY(transaction_.cursor(table));
    const auto stored = SPORVAKT_TRY(cursor.seek_before(hour_key(end)));
    if (!stored) {
        return std::nullopt;
    }
    const std::optional<Hour> newest = hour_in(stored->key);
    if (!newest) {
        return damaged_ledger(*environment_);
    }
    return newest;
}

Result<std::optional<Hour>> RowScan::newest_day_before(Hour end) const {
    const std::optional<store::Table> days = environment_->find_table(kDaysTable);
    return days ? newest_stored(*days, end) : std::optional<Hour>();
}

Result<std::optional<Hour>> RowScan::newest_hour_before(Hour end) const {
    const std::vector<std::uint8_t> key = hour_key(end);
    std::optional<Hour> newest =
        SPORVAKT_TRY(newest_stored(environment_->table(kContactsTable), end));
    const auto fresh = std::lower_bound(
        fresh_.begin(), fresh_.end(), key,
        [](const Fresh& one, const std::vector<std::uint8_t>& limit) { return one.first < limit; });
    if (fresh != fresh_.begin()) {
        newest = std::max(newest, hour_in(std::prev(fresh)->first));
    }
    return newest;
}

}  // namespace sporvakt::ledger
