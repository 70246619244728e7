#pragma once

#include "capture/frame.h"
#include "capture/segment_buffer.h"
#include "core/base/clock.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace sporvakt::capture {

/// Puts IP datagrams together that were sent in fragments (RFC 791 §3.2, RFC 8200 §4.5).
///
/// Holds at most kDatagramsMax unfinished datagrams of kDatagramBytesMax each, for five seconds of
/// packet time; a quarter of them for one sender, so that a flood of one leaves room for others.
/// Fragments that contradict each other undo the datagram, those that are still to come too (RFC
/// 5722 §4): whoever reads it otherwise than we do must not be able to hide a name.
class IpFragments {
public:
    static constexpr std::size_t kDatagramsMax = 64;
    static constexpr std::size_t kSenderMax = kDatagramsMax / 4;
    static constexpr std::size_t kDatagramBytesMax = std::size_t{16} * 1024;

    /// From the fragment with the ports on: a frame of the datagram with the IP bytes and packets
    /// that no frame has told yet.  Its payload is empty until the last missing fragment brings it
    /// all, and stays so where it is too long or contradicts itself.  Valid until the next call.
    std::optional<Frame> add(const Frame& fragment);

    /// Datagrams that were never finished, or could not be read.
    [[nodiscard]] std::uint64_t lost() const { return lost_; }

private:
    struct Datagram {
        Frame first;  ///< Of the fragment with the ports; until then of any.
        bool has_first = false;
        bool is_unreadable = false;  ///< Too long, or it contradicts itself.
        std::uint32_t bytes_untold = 0;
        std::uint16_t packets_untold = 0;
        std::optional<std::size_t> length;  ///< Known once the last fragment came.
        SegmentBuffer content{kDatagramBytesMax};
    };
    using Place = std::vector<Datagram>::iterator;

    Place find_or_begin(const Frame& fragment);
    void make_room(const Frame& fragment);
    static void take_in(Datagram& datagram, const Frame& fragment);
    std::optional<Frame> finish(Place datagram);

    std::vector<Datagram> datagrams_;
    SegmentBuffer finished_{kDatagramBytesMax};
    std::uint64_t lost_ = 0;
};

}  // namespace sporvakt::capture
