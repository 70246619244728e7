#include "core/base/clock.h"

#include <cstddef>
#include <optional>

#include <fmt/compile.h>
#include <fmt/format.h>

namespace sporvakt {
namespace {

/// Takes an RFC 3339 time apart, front to back.  After a failed read it is of no more use.
class TimeText {
public:
    explicit TimeText(std::string_view text) : rest_(text) {}

    std::optional<int> digits(std::size_t count) {
        if (rest_.size() < count) {
            return std::nullopt;
        }
        int number = 0;
        for (const char digit : rest_.substr(0, count)) {
            if (digit < '0' || digit > '9') {
                return std::nullopt;
            }
            number = number * 10 + (digit - '0');
        }
        rest_.remove_prefix(count);
        return number;
    }

    bool any_of(std::string_view characters) {
        if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) {
            return false;
        }
        rest_.remove_prefix(1);
        return true;
    }

    /// Two digits behind one of the separators.
    std::optional<int> pair_after(std::string_view separators) {
        return any_of(separators) ? digits(2) : std::nullopt;
    }

    /// The decimals, if there are any, as milliseconds.
    std::optional<std::chrono::milliseconds> fraction() {
        if (!any_of(".")) {
            return std::chrono::milliseconds{0};
        }
        int milliseconds = 0;
        int weight = 100;
        auto digit = digits(1);
        if (!digit) {
            return std::nullopt;
        }
        for (; digit; digit = digits(1)) {
            milliseconds += *digit * weight;
            weight /= 10;
        }
        return std::chrono::milliseconds{milliseconds};
    }

    /// What must be taken away to come to UTC.
    std::optional<std::chrono::minutes> offset() {
        if (any_of("Zz")) {
            return std::chrono::minutes{0};
        }
        const bool is_west = !rest_.empty() && rest_.front() == '-';
        const auto hours = pair_after("+-");
        const auto minutes = pair_after(":");
        if (!hours || !minutes || *hours > 23 || *minutes > 59) {
            return std::nullopt;
        }
        return std::chrono::minutes{(*hours * 60 + *minutes) * (is_west ? -1 : 1)};
    }

    [[nodiscard]] bool at_end() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

std::optional<std::chrono::sys_days> date_of(TimeText& text) {
    const auto year = text.digits(4);
    const auto month = text.pair_after("-");
    const auto day = text.pair_after("-");
    if (!year || !month || !day) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    return date.ok() ? std::optional(std::chrono::sys_days(date)) : std::nullopt;
}

std::optional<std::chrono::seconds> time_of_day(TimeText& text) {
    const auto hour = text.pair_after("Tt ");
    const auto minute = text.pair_after(":");
    const auto second = text.pair_after(":");
    // 60: a leap second, which our clock does not know, is the next minute's first.
    if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) {
        return std::nullopt;
    }
    return std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
           std::chrono::seconds{*second};
}

}  // namespace

Timestamp SystemClock::now() const {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

Moment SystemClock::moment() const {
    return std::chrono::steady_clock::now();
}

std::string rfc3339(Timestamp at) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(at - day);
    // Compiled: reading the format anew takes ten times as long, and a report has many times in it.
    return fmt::format(FMT_COMPILE("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z"),
                       static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()), time.hours().count(),
                       time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

Parsed<Timestamp> timestamp_from_rfc3339(std::string_view text) {
    TimeText rest(text);
    const auto date = date_of(rest);
    const auto time = time_of_day(rest);
    const auto fraction = rest.fraction();
    const auto offset = rest.offset();
    if (!date || !time || !fraction || !offset || !rest.at_end()) {
        return tl::unexpected(ParseError::Malformed);
    }
    const Timestamp at = *date + *time + *fraction - *offset;
    if (at < Timestamp{}) {
        return tl::unexpected(ParseError::LimitExceeded);
    }
    return at;
}

}  // namespace sporvakt
