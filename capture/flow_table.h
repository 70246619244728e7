#pragma once

#include "capture/flow.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace sporvakt::capture {

/// What the table had to do without, counted.
struct FlowTableCounters {
    std::uint64_t begun = 0;
    std::uint64_t pushed_out = 0;  ///< Ended early to make room for another.
    std::uint64_t refused = 0;     ///< Never begun: their device had had its share.
};

/// All flows that go on, at most kFlowsMax.  Where one more would not fit, one gives way: first
/// those that nobody answered or that are closed, then unnamed, named, recorded ones; among equals
/// the one that was silent longest.  No device holds more than a quarter, so that one that floods
/// us cannot hide the others.
///
/// The hash is keyed with random bytes: nobody outside can choose flows that collide.  Memory grows
/// with the flows that there are.  Not thread-safe.  A Flow stays where it is until it
/// ends; then its place is kept for another, so that a pointer to it leads to a flow or to an
/// unused place.
class FlowTable {
public:
    static constexpr std::size_t kFlowsMax = 65'536;
    static constexpr std::size_t kWays = 16;
    static constexpr std::size_t kShareMax = kFlowsMax / 4;
    /// Flow::share is below; devices have one each, but for chance.
    static constexpr std::size_t kShares = 1024;

    /// `on_end` is called for each flow before it goes, whatever the reason.
    explicit FlowTable(std::function<void(Flow&)> on_end);

    [[nodiscard]] Flow* find(const FlowKey& key);

    /// Null when the device has had its share.  The flow must not be in the table.
    Flow* begin(std::uint8_t protocol, const FlowParties& parties);

    void end(Flow& flow);

    /// Ends the flow that should give way when names have no room, but never `spared`: one with a
    /// name that few share, of a device that has most flows.  Looks at some of the table each time,
    /// the next time at others.  False: there was none.
    bool push_out_named(const Flow* spared);
    /// Too many to give back much when one of them goes; what crowds a pool is shared by fewer.
    static constexpr std::size_t kManyCopies = 16;

    /// Ends what is over, in one of kSweeps parts of the table each time.
    void sweep(Timestamp now);
    static constexpr std::size_t kSweeps = 16;

    /// Ends all, oldest first.
    void end_all();

    /// Calls `visit` for each flow, in no order.  It may not begin or end any.
    void for_each(const std::function<void(Flow&)>& visit);

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] const FlowTableCounters& counters() const { return counters_; }

private:
    static constexpr std::size_t kBuckets = kFlowsMax / kWays;
    static constexpr std::size_t kChunk = 512;
    static constexpr std::size_t kBucketsAtPush = 64;

    using Index = std::uint32_t;
    static constexpr Index kFree = 0xffffffff;

    struct Bucket {
        std::array<std::uint32_t, kWays> tags{};  ///< The upper half of the keys' hashes.
        std::array<Index, kWays> flows{};
    };

    [[nodiscard]] Flow& at(Index index) { return (*chunks_[index / kChunk])[index % kChunk]; }
    [[nodiscard]] std::uint64_t hash_of(const FlowKey& key) const;
    [[nodiscard]] std::uint16_t share_of(const devices::DeviceId& device) const;
    std::optional<std::size_t> make_room(Bucket& bucket, std::uint16_t share);
    std::optional<std::size_t> least_worth(const Bucket& bucket,
                                           std::optional<std::uint16_t> share);
    Index take_index();
    Flow* least_worth_its_names(const Flow* spared);

    std::function<void(Flow&)> on_end_;
    std::array<std::uint64_t, 2> secret_{};
    std::vector<Bucket> buckets_;
    std::vector<std::unique_ptr<std::array<Flow, kChunk>>> chunks_;
    std::vector<Index> free_;
    std::vector<std::uint32_t> shares_;
    Flow* latest_ = nullptr;  ///< The next packet is often of the same flow.
    Index taken_ = 0;         ///< So many were ever used at once.
    std::size_t next_sweep_ = 0;
    std::size_t next_push_ = 0;  ///< The bucket where push_out_named() looks next.
    std::size_t size_ = 0;
    FlowTableCounters counters_;
};

}  // namespace sporvakt::capture
