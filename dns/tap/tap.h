#pragma once

#include "core/base/clock.h"
#include "dns/counters.h"
#include "dns/serving/client.h"
#include "dns/tap/tap_message.h"
#include "dns/tap/tap_output.h"

#include <chrono>
#include <cstddef>
#include <span>

namespace sporvakt::dns {

/// One worker's end of the dnstap log: every question that is let in, and every answer to one.  Of
/// the worker's thread; never waits, and allocates nothing.
///
/// Times are exact to each other; on the wall they are right to a few milliseconds.
class Tap {
public:
    struct Parts {
        std::size_t worker = 0;
        TapOutput& output;
        Counters& counters;  ///< The worker's.
        const Clock& clock;
        std::span<const Endpoint> listening;  ///< Of the UDP sockets, in their order.
    };

    explicit Tap(const Parts& parts);

    void query(const Client& client, Bytes message, Moment asked);
    void response(const Client& client, Bytes message, Moment asked);

    /// Follows the wall clock when that was set.  Now and then.
    void adjust();

private:
    void tell(TapMessage message, const Client& client);
    [[nodiscard]] TapTime time_of(Moment moment) const {
        return TapTime(moment.time_since_epoch() + offset_);
    }
    [[nodiscard]] std::chrono::nanoseconds offset_now() const;

    Parts parts_;
    std::chrono::nanoseconds offset_;  ///< From Moment to the wall clock.
};

}  // namespace sporvakt::dns
