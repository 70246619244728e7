#include "dns/wait_histogram.h"

#include "core/base/assert.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace sporvakt::dns {
namespace {

constexpr std::size_t kLast = WaitHistogram::kRanges - 1;

}  // namespace

std::size_t WaitHistogram::range_of(std::chrono::nanoseconds wait) {
    if (wait < kFirst) {
        return 0;
    }
    const auto firsts = static_cast<std::uint64_t>(wait / kFirst);  // at least 1
    const std::size_t doublings = std::bit_width(firsts) - 1;
    if (doublings >= kDoublings) {
        return kLast;
    }
    // The middle between one doubling and the next: 1.5, 3, 6 ... times the first.
    const bool is_upper_half = wait >= (kFirst + kFirst / 2) * (std::int64_t{1} << doublings);
    return 1 + 2 * doublings + (is_upper_half ? 1 : 0);
}

WaitHistogram::Duration WaitHistogram::end_of(std::size_t range) {
    SPORVAKT_ASSERT(range < kRanges);
    const std::size_t ended = std::min(range, kLast - 1);
    const Duration doubled = kFirst * (std::int64_t{1} << (ended / 2));
    return ended % 2 == 0 ? doubled : doubled + doubled / 2;
}

std::uint64_t WaitHistogram::total() const {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::optional<WaitHistogram::Duration> WaitHistogram::percentile(unsigned percent) const {
    SPORVAKT_ASSERT(percent >= 1 && percent <= 100);
    const std::uint64_t all = total();
    if (all == 0) {
        return std::nullopt;
    }
    // Whole hundreds first: no count of waits is too large for it.
    const std::uint64_t wanted = all / 100 * percent + (all % 100 * percent + 99) / 100;
    std::uint64_t seen = 0;
    std::size_t range = 0;
    for (; range < kLast; ++range) {
        seen += counts.at(range);
        if (seen >= wanted) {
            break;
        }
    }
    return end_of(range);
}

}  // namespace sporvakt::dns
