#pragma once

#include "capture/flow_journal.h"
#include "capture/flow_summary.h"
#include "capture/frame.h"
#include "core/base/clock.h"
#include "core/base/ip_address.h"
#include "core/devices/device_id.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sporvakt::capture {

/// Which flow a packet belongs to, the same for both directions.
struct FlowKey {
    std::array<std::uint64_t, 5> words{};  ///< Both addresses, both ports, protocol and family.

    static FlowKey of(std::uint8_t protocol, const Endpoint& one, const Endpoint& other);

    friend bool operator==(const FlowKey&, const FlowKey&) = default;
};

/// Whether a flow's name is still being read.
enum class Naming : std::uint8_t { Reads, Done };

/// Whether the policy wants a flow's name recorded.
enum class Judgement : std::uint8_t { None, Unrecorded, Recorded };

/// One conversation.  The client opened it; `up` is from the device, `down` to it.
struct Flow {
    static constexpr std::uint32_t kNoReader = 0xffffffff;

    FlowKey key;
    FlowTransport transport = FlowTransport::Tcp;
    Endpoint client;
    Endpoint server;
    devices::DeviceId device;
    bool is_device_server = false;  ///< Somebody out there opened it.
    bool is_countable = false;      ///< A device of the house with the world outside.

    Timestamp first_seen;
    Timestamp last_seen;
    std::uint64_t bytes_up = 0;
    std::uint64_t bytes_down = 0;
    bool has_sent = false;     ///< The client sent payload.
    bool is_answered = false;  ///< So did the server.
    bool is_closed = false;    ///< FIN or RST was seen.
    bool has_client_isn = false;
    std::uint32_t client_isn = 0;

    Naming naming = Naming::Reads;
    std::uint32_t reader = kNoReader;  ///< Where the sniffer reads its name.
    std::uint8_t datagrams_read = 0;
    NameOrigin origin = NameOrigin::None;
    bool has_encrypted_hello = false;  ///< Or what looks like one.
    bool is_name_front = false;        ///< The name is one that others hide behind.
    std::string name;                  ///< What the client claimed.
    std::string inferred;              ///< What the device last resolved to the server's address.

    Judgement judgement = Judgement::None;
    std::uint32_t judged_in = 0;  ///< The generation of the policy that judged.
    bool has_news = false;        ///< Stands in the list of what to report.
    bool is_counted = false;      ///< Has been recorded as a contact.
    Timestamp news_since;
    std::uint64_t reported_up = 0;
    std::uint64_t reported_down = 0;
    std::optional<FlowJournal::Slot> journal_slot;

    [[nodiscard]] bool has_name() const { return !name.empty() || !inferred.empty(); }
    [[nodiscard]] bool is_over(Timestamp now) const;
    [[nodiscard]] bool is_hidden() const { return has_encrypted_hello && is_name_front; }

    /// The name to judge by: behind a front, what the device resolved tells more than the claim.
    [[nodiscard]] bool is_inferred() const {
        return name.empty() || (is_hidden() && !inferred.empty());
    }
    [[nodiscard]] FlowSummary summary() const;

    /// Where it stands in the table, which alone writes this.
    struct Place {
        std::uint64_t hash = 0;
        std::uint32_t index = 0;
        std::uint16_t share = 0;
        bool is_used = false;
    };
    Place place;
};

/// All flows that go on, at most kFlowsMax: when their room is full, the one that was silent
/// longest gives way, unnamed ones first.  No device holds more than a quarter, so that one that
/// floods us cannot hide the others.
///
/// The hash is keyed with random bytes: nobody outside can choose flows that collide.  Memory grows
/// with the flows that there are.  Not thread-safe; a Flow stays where it is until it ends.
class FlowTable {
public:
    static constexpr std::size_t kFlowsMax = 65'536;
    static constexpr std::size_t kWays = 16;
    static constexpr std::size_t kShareMax = kFlowsMax / 4;

    /// `on_end` is called for each flow before it goes, whatever the reason.
    explicit FlowTable(std::function<void(Flow&)> on_end);

    [[nodiscard]] Flow* find(const FlowKey& key);

    /// Null when the device has had its share.  The key must not be in the table.
    Flow* begin(const FlowKey& key, const devices::DeviceId& device);

    void end(Flow& flow);

    /// Ends what is over, in one of kSweeps parts of the table each time.
    void sweep(Timestamp now);
    static constexpr std::size_t kSweeps = 16;

    /// Ends all, oldest first.
    void end_all();

    [[nodiscard]] Flow& at(std::uint32_t index) { return flows_[index]; }
    [[nodiscard]] static std::uint32_t index_of(const Flow& flow) { return flow.place.index; }
    [[nodiscard]] static bool is_used(const Flow& flow) { return flow.place.is_used; }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::uint64_t pushed_out() const { return pushed_out_; }

private:
    static constexpr std::size_t kBuckets = kFlowsMax / kWays;
    static constexpr std::size_t kShares = 1024;
    static constexpr std::uint32_t kFree = 0xffffffff;

    struct Bucket {
        std::array<std::uint64_t, kWays> hashes{};
        std::array<std::uint32_t, kWays> flows{};
    };

    [[nodiscard]] std::uint64_t hash_of(const FlowKey& key) const;
    std::optional<std::size_t> make_room(Bucket& bucket, std::uint16_t share);
    [[nodiscard]] std::optional<std::size_t> least_worth(const Bucket& bucket,
                                                         std::optional<std::uint16_t> share) const;
    std::uint32_t take_index();

    std::function<void(Flow&)> on_end_;
    std::array<std::uint64_t, 2> secret_{};
    std::vector<Bucket> buckets_;
    std::deque<Flow> flows_;
    std::vector<std::uint32_t> free_;
    std::vector<std::uint32_t> shares_;
    std::uint32_t latest_ = kFree;  ///< The next packet is often of the same flow.
    std::size_t next_sweep_ = 0;
    std::size_t size_ = 0;
    std::uint64_t pushed_out_ = 0;
};

}  // namespace sporvakt::capture
