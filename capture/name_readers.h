#pragma once

#include "capture/client_stream.h"
#include "capture/dns_answers.h"
#include "capture/flow.h"
#include "capture/frame.h"
#include "capture/quic_keys.h"
#include "capture/quic_stream.h"
#include "core/base/clock.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <variant>
#include <vector>

namespace sporvakt::capture {

/// Reads the names of flows that have none yet, out of what their clients send first.
///
/// What was read is kept until the server answers, so that another version of it is noticed.  At
/// most kReadersMax flows are read at a time, and kHeldMax bytes kept of them; when there are more,
/// the one that was begun longest ago has to do with what it has told so far: of the device that
/// has most of them, so that one that begins hellos without end keeps no other from being read.
/// Opening QUIC packets costs at most kOpenedPerSecond a second of packet time.  Not thread-safe.
class NameReaders {
public:
    static constexpr std::size_t kReadersMax = 512;
    /// As much as hellos with post-quantum keys take, two kilobytes long, whose beginning was not
    /// seen, so that room is left before them.
    static constexpr std::size_t kHeldMax = kReadersMax * 8192;
    static constexpr std::uint32_t kOpenedPerSecond = 4000;
    static constexpr std::chrono::seconds kPatience{5};  ///< From the client's first payload.

    /// Both outlive the readers; `answers` knows which names are only fronts.
    NameReaders(const DnsAnswers& answers, NamePool& names);

    /// Payload that the flow's client sent.  Done: what is known of the name is in the flow, and
    /// differs from before.
    Reading read(Flow& flow, const Frame& frame);

    /// Whether a QUIC client's datagram begins another connection on the ports of a flow whose name
    /// is known: an Initial that opens with keys from its own destination ID, which is not the
    /// first one's, and which no Retry explains.
    bool begins_another(const Flow& flow, const Frame& frame);

    /// Takes what was read so far.  Must be called before a flow ends.
    void finish(Flow& flow);

    /// Finishes flows that took too long; `on_done` hears of each.
    void expire(Timestamp now, const std::function<void(Flow&)>& on_done);

    /// Names that clients sent but no host can have.
    [[nodiscard]] std::uint64_t malformed_names() const { return malformed_names_; }

    /// Flows that were no longer read for want of room.
    [[nodiscard]] std::uint64_t gave_way() const { return gave_way_; }

    /// QUIC packets that were not opened, for there were too many in their second.
    [[nodiscard]] std::uint64_t left_shut() const { return left_shut_; }

private:
    struct Reader {
        std::variant<std::monostate, ClientStream, QuicStream> stream;
        Flow* flow = nullptr;
        Timestamp since;
        std::size_t held = 0;  ///< Bytes; their sum is held_.
    };

    Reading read_segment(Flow& flow, const Frame& frame);
    Reading keep(Flow& flow);
    void give_way();
    Reader& reader_of(Flow& flow, const Frame& frame);
    [[nodiscard]] Reader& one_to_give_way();
    Reading watch(Flow& flow, const Frame& frame);
    std::uint16_t free_reader();
    Reading read_datagram(Flow& flow, const Frame& frame);
    bool may_open(Timestamp at);
    void settle(Flow& flow, const Introduction& introduction);
    void release(Flow& flow);

    const DnsAnswers& answers_;
    NamePool& names_;
    QuicCrypto crypto_;
    std::vector<Reader> readers_;
    std::vector<std::uint16_t> free_;
    std::size_t held_ = 0;
    Timestamp second_;
    std::uint32_t opened_in_second_ = 0;
    std::uint64_t malformed_names_ = 0;
    std::uint64_t gave_way_ = 0;
    std::uint64_t left_shut_ = 0;
};

}  // namespace sporvakt::capture
