#pragma once

#include "core/base/result.h"

#include <chrono>
#include <string>
#include <string_view>

namespace sporvakt {

/// Wall-clock time in milliseconds since 1970-01-01T00:00:00Z, as stored and shown.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// Time that only goes forward, for deadlines and TTLs.
using Moment = std::chrono::steady_clock::time_point;

/// Where the time comes from, so that a test turns a hand instead of sleeping.
/// Implementations are thread-safe.
class Clock {
public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    Clock(Clock&&) = delete;
    Clock& operator=(Clock&&) = delete;
    virtual ~Clock() = default;

    [[nodiscard]] virtual Timestamp now() const = 0;
    [[nodiscard]] virtual Moment moment() const = 0;
};

/// The machine's clocks.
class SystemClock final : public Clock {
public:
    [[nodiscard]] Timestamp now() const override;
    [[nodiscard]] Moment moment() const override;
};

/// "2026-11-21T14:03:07.250Z" (RFC 3339 §5.6, UTC, always three decimals).
std::string rfc3339(Timestamp at);

/// Any form of RFC 3339 §5.6 from 1970 on, with any offset; cut to whole milliseconds.
Parsed<Timestamp> timestamp_from_rfc3339(std::string_view text);

}  // namespace sporvakt
