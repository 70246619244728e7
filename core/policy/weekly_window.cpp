#include "core/policy/weekly_window.h"

#include <algorithm>
#include <ctime>

namespace sporvakt::policy {
namespace {

constexpr int kWeekDays = 7;

/// What the clock on the wall shows.
struct WallTime {
    std::tm date{};
    int weekday = 0;  ///< 0 is Monday.
    int minute = 0;   ///< Of the day.
};

WallTime wall_time(Timestamp at) {
    const std::time_t seconds =
        std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    WallTime wall;
    ::localtime_r(&seconds, &wall.date);
    wall.weekday = (wall.date.tm_wday + kWeekDays - 1) % kWeekDays;
    wall.minute = wall.date.tm_hour * 60 + wall.date.tm_min;
    return wall;
}

/// When the wall's clock shows that minute, so many days later; mktime(3) takes care of months and
/// of summer time.
Timestamp time_of(const WallTime& wall, int days_later, int minute) {
    std::tm date = wall.date;
    date.tm_mday += days_later;
    date.tm_hour = minute / 60;
    date.tm_min = minute % 60;
    date.tm_sec = 0;
    date.tm_isdst = -1;
    return Timestamp(std::chrono::seconds(std::mktime(&date)));
}

bool begins_on(const WeeklyWindow& window, int weekday) {
    return (window.days >> static_cast<unsigned>(weekday) & 1U) != 0;
}

bool passes_midnight(const WeeklyWindow& window) {
    return window.end <= window.begin;
}

bool holds(const WeeklyWindow& window, const WallTime& wall) {
    const int yesterday = (wall.weekday + kWeekDays - 1) % kWeekDays;
    if (passes_midnight(window)) {
        return (begins_on(window, wall.weekday) && wall.minute >= window.begin) ||
               (begins_on(window, yesterday) && wall.minute < window.end);
    }
    return begins_on(window, wall.weekday) && wall.minute >= window.begin &&
           wall.minute < window.end;
}

/// `wall` is what the clock shows at that time.
Timestamp next_change_of(const WeeklyWindow& window, const WallTime& wall, Timestamp at) {
    Timestamp next = Timestamp::max();
    for (int day = -1; day <= kWeekDays; ++day) {
        if (!begins_on(window, (wall.weekday + day + kWeekDays) % kWeekDays)) {
            continue;
        }
        const Timestamp begin = time_of(wall, day, window.begin);
        const Timestamp end = time_of(wall, day + (passes_midnight(window) ? 1 : 0), window.end);
        for (const Timestamp change : {begin, end}) {
            next = change > at ? std::min(next, change) : next;
        }
    }
    return next;
}

}  // namespace

bool is_within(std::span<const WeeklyWindow> windows, Timestamp at) {
    if (windows.empty()) {
        return false;
    }
    const WallTime wall = wall_time(at);
    return std::any_of(windows.begin(), windows.end(),
                       [&](const WeeklyWindow& window) { return holds(window, wall); });
}

Timestamp next_change(std::span<const WeeklyWindow> windows, Timestamp at) {
    Timestamp next = Timestamp::max();
    if (windows.empty()) {
        return next;
    }
    const WallTime wall = wall_time(at);
    for (const WeeklyWindow& window : windows) {
        next = std::min(next, next_change_of(window, wall, at));
    }
    return next;
}

}  // namespace sporvakt::policy
