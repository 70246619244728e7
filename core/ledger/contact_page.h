#pragma once

#include "core/ledger/day_row.h"
#include "core/ledger/reports.h"
#include "core/ledger/row.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sporvakt::ledger {

/// Whether a contact in one of the filter's rows is of its time and purpose.
bool matches(const Filter& filter, const Slot& slot);
bool matches(const Filter& filter, const DayPart& part);

/// Where a contact stands among all: newest first, and of two that began at the same millisecond
/// the one with the lower key.  What makes it up hardly ever changes while a contact goes on, so
/// a reader who turns pages misses nothing and sees nothing twice.
struct PagePlace {
    Timestamp first;
    RowKey key;

    /// Hexadecimal; what somebody else made up is nothing.
    [[nodiscard]] std::string text() const;
    static std::optional<PagePlace> from_text(std::string_view text);

    friend bool operator==(const PagePlace&, const PagePlace&) = default;
    /// True when `left` is shown before `right`.
    friend bool operator<(const PagePlace& left, const PagePlace& right) {
        return left.first != right.first ? left.first > right.first : left.key < right.key;
    }
};

/// Collects the first contacts in the order of PagePlace out of many; holds a few times as many as
/// the page has, however many there are.
class PageBuilder {
public:
    explicit PageBuilder(std::size_t limit) : limit_(limit) {}

    /// Contacts up to and including that place were on earlier pages.
    void begin_after(PagePlace place) { after_ = std::move(place); }

    void add(const Row& row, const Filter& filter);
    void add(const DayRow& row, const Filter& filter);

    /// Nothing older than what was added can come onto the page any more.
    [[nodiscard]] bool is_full() const { return found_.size() > limit_; }

    [[nodiscard]] ContactPage finish();

private:
    struct Found {
        PagePlace place;
        Contact contact;
    };

    void add(PagePlace place, Contact contact);
    void keep_first();

    std::size_t limit_;
    std::optional<PagePlace> after_;
    std::vector<Found> found_;
};

}  // namespace sporvakt::ledger
