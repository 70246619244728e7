#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace sporvakt::dns {

/// How long clients waited for the Internet: so many for each range of times.  A value.
///
/// From when a client's question was found to need the Internet until the outcome was there, for
/// each client, those included who joined a question under way, were given a stale answer or were
/// told SERVFAIL.
///
/// What is blocked, cached or answered here is not in it, on purpose.  Such an answer takes a few
/// microseconds: two readings of the clock for each would cost a share of that worth measuring,
/// and the time of a batch says nothing of one query in it.  What these cost is what tests/bench
/// measures; the counts say how many there were.
///
/// The ranges grow with the time, two for each doubling: a quantile is at most a half more than the
/// truth, at any speed of the line, in 32 numbers.
struct WaitHistogram {
    using Duration = std::chrono::microseconds;

    /// The first range is everything under this, faster than any wire.
    static constexpr Duration kFirst{128};
    /// The last one is everything from 4.2 s (128 µs doubled 15 times) on: longer than
    /// ResolverSettings::upstream_timeout lets anybody wait.
    static constexpr std::size_t kDoublings = 15;
    static constexpr std::size_t kRanges = 1 + 2 * kDoublings + 1;

    std::array<std::uint64_t, kRanges> counts{};

    [[nodiscard]] static std::size_t range_of(std::chrono::nanoseconds wait);

    /// Where range `range` ends and the next begins; of the last, where it begins.
    [[nodiscard]] static Duration end_of(std::size_t range);

    [[nodiscard]] std::uint64_t total() const;

    /// `percent` of all clients, 1 to 100, waited at most so long: the end of the range that the
    /// slowest of them is in.  Empty when nobody waited.
    [[nodiscard]] std::optional<Duration> percentile(unsigned percent) const;

    friend bool operator==(const WaitHistogram&, const WaitHistogram&) = default;
};

}  // namespace sporvakt::dns
