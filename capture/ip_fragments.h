#pragma once

#include "capture/frame.h"
#include "capture/segment_buffer.h"
#include "core/base/clock.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace sporvakt::capture {

/// Puts IP datagrams together that were sent in fragments (RFC 791 §3.2, RFC 8200 §4.5).
///
/// Holds at most kDatagramsMax unfinished datagrams of kDatagramBytesMax each, for five seconds of
/// packet time; the oldest gives way.  Fragments that contradict each other undo the datagram (RFC
/// 5722 §4): whoever reads it otherwise than we do must not be able to hide a name.
class IpFragments {
public:
    static constexpr std::size_t kDatagramsMax = 64;
    static constexpr std::size_t kDatagramBytesMax = 8192;

    /// With the last missing fragment: the frame of the whole datagram, its IP bytes added up.
    /// Valid until the next call.
    std::optional<Frame> add(const Frame& fragment);

private:
    struct Datagram {
        IpAddress source;
        IpAddress destination;
        std::uint32_t id = 0;
        std::uint8_t protocol = 0;
        Timestamp since;
        std::uint32_t ip_bytes = 0;
        std::optional<std::size_t> length;  ///< Known once the last fragment came.
        SegmentBuffer content{kDatagramBytesMax};
    };

    std::vector<Datagram>::iterator find_or_begin(const Frame& fragment);
    void forget_oldest();

    std::vector<Datagram> datagrams_;
    SegmentBuffer finished_{kDatagramBytesMax};
};

}  // namespace sporvakt::capture
