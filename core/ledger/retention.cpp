#include "core/ledger/retention.h"

#include "core/base/byte_writer.h"
#include "core/ledger/day_row.h"
#include "core/ledger/ledger_file.h"
#include "core/ledger/row.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace sporvakt::ledger {
namespace {

/// What goes next, and why.
enum class Step : std::uint8_t { Nothing, FoldHours, ForgetHour, ForgetDays };

Result<std::optional<Hour>> oldest_in(const store::Environment& environment,
                                      const store::ReadTransaction& transaction,
                                      std::string_view table) {
    store::Cursor cursor = SPORVAKT_TRY(transaction.cursor(environment.table(table)));
    const std::optional<store::Entry> oldest = SPORVAKT_TRY(cursor.first());
    if (!oldest) {
        return std::nullopt;
    }
    const Parsed<std::uint32_t> number = ByteReader(oldest->key).u32();
    if (!number) {
        return damaged_ledger(environment);
    }
    return Hour{std::chrono::hours(*number)};
}

/// One look at both tables, and the steps that follow from it.
class Tidying {
public:
    Tidying(const store::Environment& environment, const Retention& retention, Timestamp now)
        : environment_(environment),
          retention_(retention),
          first_detailed_(hour_of(now - retention.detailed)),
          first_summed_(day_of(hour_of(now - retention.summed))) {}

    Result<Step> next(const store::ReadTransaction& transaction) {
        const auto hour = SPORVAKT_TRY(oldest_in(environment_, transaction, kContactsTable));
        const auto day = SPORVAKT_TRY(oldest_in(environment_, transaction, kDaysTable));
        oldest_hour_ = hour.value_or(Hour{});
        oldest_day_ = day.value_or(Hour{});
        if (hour && *hour < first_detailed_) {
            const bool is_summed = retention_.summed > retention_.detailed;
            return is_summed && day_of(*hour) >= first_summed_ ? Step::FoldHours : Step::ForgetHour;
        }
        if (day && *day < first_summed_) {
            return Step::ForgetDays;
        }
        if (SPORVAKT_TRY(stored_bytes(transaction)) > retention_.bytes_max) {
            const Step hours = hour ? Step::ForgetHour : Step::Nothing;
            return day ? Step::ForgetDays : hours;
        }
        return Step::Nothing;
    }

    /// How many rows it looked at.
    Result<std::size_t> fold(store::WriteTransaction& transaction, std::size_t limit) const;
    Result<std::size_t> forget_hour(store::WriteTransaction& transaction) const;
    Result<std::size_t> forget_days(store::WriteTransaction& transaction, std::size_t limit) const;

private:
    using Keys = std::vector<std::vector<std::uint8_t>>;
    using Days = std::map<RowKey, DayRow>;

    [[nodiscard]] Result<std::uint64_t> stored_bytes(
        const store::ReadTransaction& transaction) const {
        const store::Table contacts = environment_.table(kContactsTable);
        const std::uint64_t hours = SPORVAKT_TRY(transaction.bytes_in(contacts));
        return hours + SPORVAKT_TRY(transaction.bytes_in(environment_.table(kDaysTable)));
    }
    Result<void> add_to_day(const store::ReadTransaction& transaction, const Row& row,
                            Days& days) const;
    Result<void> forget_empty_hours(store::WriteTransaction& transaction, Hour last) const;

    const store::Environment& environment_;
    const Retention& retention_;
    Hour first_detailed_;
    Hour first_summed_;
    Hour oldest_hour_;
    Hour oldest_day_;
};

Result<void> Tidying::add_to_day(const store::ReadTransaction& transaction, const Row& row,
                                 Days& days) const {
    const RowKey key = day_key_of(row.key);
    auto place = days.find(key);
    if (place == days.end()) {
        DayRow day{key, {}};
        const std::vector<std::uint8_t> stored_key = encode(key);
        const auto stored =
            SPORVAKT_TRY(transaction.get(environment_.table(kDaysTable), stored_key));
        if (stored) {
            Parsed<DayRow> known = parse_day_row(stored_key, *stored);
            if (!known) {
                return damaged_ledger(environment_);
            }
            day = std::move(*known);
        }
        place = days.emplace(key, std::move(day)).first;
    }
    place->second.add(row);
    return {};
}

Result<std::size_t> Tidying::fold(store::WriteTransaction& transaction, std::size_t limit) const {
    const store::Table contacts = environment_.table(kContactsTable);
    store::KeyRange old = store::KeyRange::all();
    old.to = hour_key(first_detailed_);
    Keys keys;
    Days days;
    Hour last = oldest_hour_;
    Result<void> added;
    SPORVAKT_TRY(transaction.visit(contacts, old, [&](const store::Entry& entry) {
        const Parsed<Row> row = parse_row(entry.key, entry.value);
        added =
            row ? add_to_day(transaction, *row, days) : Result<void>(damaged_ledger(environment_));
        if (!added) {
            return store::Visit::Stop;
        }
        last = row->key.hour;
        keys.emplace_back(entry.key.begin(), entry.key.end());
        return keys.size() < limit ? store::Visit::Continue : store::Visit::Stop;
    }));
    if (!added) {
        return tl::unexpected(added.error());
    }
    for (const auto& key : keys) {
        SPORVAKT_TRY(transaction.erase(contacts, key));
    }
    for (const auto& [key, day] : days) {
        SPORVAKT_TRY(
            transaction.put(environment_.table(kDaysTable), encode(key), encode_value(day)));
    }
    SPORVAKT_TRY(forget_empty_hours(transaction, last));
    return keys.size();
}

/// Hours before the last one that was folded have no rows any more; that one may have.
Result<void> Tidying::forget_empty_hours(store::WriteTransaction& transaction, Hour last) const {
    const auto oldest = SPORVAKT_TRY(oldest_in(environment_, transaction, kContactsTable));
    store::KeyRange empty = store::KeyRange::all();
    empty.to = hour_key(oldest == last ? last : last + std::chrono::hours(1));
    SPORVAKT_TRY(transaction.erase_range(environment_.table(kChangedHoursTable), empty,
                                         std::numeric_limits<std::size_t>::max()));
    return {};
}

/// The whole hour at once: no report ever shows half of it.
Result<std::size_t> Tidying::forget_hour(store::WriteTransaction& transaction) const {
    const std::vector<std::uint8_t> key = hour_key(oldest_hour_);
    const std::size_t forgotten = SPORVAKT_TRY(
        transaction.erase_range(environment_.table(kContactsTable), store::KeyRange::prefix(key),
                                std::numeric_limits<std::size_t>::max()));
    SPORVAKT_TRY(transaction.erase(environment_.table(kChangedHoursTable), key));
    return forgotten;
}

Result<std::size_t> Tidying::forget_days(store::WriteTransaction& transaction,
                                         std::size_t limit) const {
    return transaction.erase_range(environment_.table(kDaysTable),
                                   store::KeyRange::prefix(hour_key(oldest_day_)), limit);
}

}  // namespace

Result<bool> is_tidying_due(const store::Environment& environment,
                            const store::ReadTransaction& transaction, const Retention& retention,
                            Timestamp now) {
    return SPORVAKT_TRY(Tidying(environment, retention, now).next(transaction)) != Step::Nothing;
}

Result<void> tidy_stored(const store::Environment& environment,
                         store::WriteTransaction& transaction, const Retention& retention,
                         Timestamp now) {
    // Too much is made room for in small steps, and looked at anew after each.
    constexpr std::size_t kDayRowsAtOnce = 100;
    std::size_t done = 0;
    while (done < retention.rows_per_step) {
        Tidying tidying(environment, retention, now);
        const std::size_t left = retention.rows_per_step - done;
        switch (SPORVAKT_TRY(tidying.next(transaction))) {
            case Step::Nothing:
                return {};
            case Step::FoldHours:
                done += SPORVAKT_TRY(tidying.fold(transaction, left));
                break;
            case Step::ForgetHour:
                done += SPORVAKT_TRY(tidying.forget_hour(transaction));
                break;
            case Step::ForgetDays:
                done +=
                    SPORVAKT_TRY(tidying.forget_days(transaction, std::min(left, kDayRowsAtOnce)));
                break;
        }
    }
    return {};
}

}  // namespace sporvakt::ledger
