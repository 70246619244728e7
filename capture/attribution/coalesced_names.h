#pragma once

#include "capture/attribution/address_memory.h"
#include "capture/flow.h"
#include "core/base/clock.h"
#include "core/base/ip_address.h"
#include "core/devices/device_id.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::capture {

/// What a device resolved: a name that the policy wants recorded, and where it is.
struct Resolution {
    devices::DeviceId device;
    std::string name;
    std::vector<IpAddress> addresses;
    std::chrono::seconds ttl{0};
    Timestamp at;
};

/// A name that a device met over a connection that it has under another name.
struct CoalescedContact {
    devices::DeviceId device;
    std::string name;
    Timestamp at;     ///< Of the first request that may have been for it.
    Timestamp until;  ///< A connection of the name's own until then is the same contact.
};

/// Finds names that ride on the connections of others (RFC 9113 §9.1.1, RFC 9114 §3.3): a client
/// may send requests for B over a connection that it opened for A, where both have the same address
/// and A's certificate covers B.  No hello names B then; that it was resolved is all there is to
/// see.
///
/// B has ridden when the device resolved it to the address of an answered TLS or QUIC flow to port
/// 443 that told another name, sent something there as long as a request within kRequestWithin, and
/// began no flow of B's own within kPatience.  A name that was resolved in advance and never asked
/// looks the same if the device happens to ask A for something: it is a guess, and shown as one.
///
/// At most kResolutionsMax names are waited for, of each device kShareMax, and the latest flows to
/// kAddressesMax addresses are known; what has no room rides unseen.  The flows are a FlowTable's:
/// their places outlive this.  Not thread-safe.
class CoalescedNames {
public:
    static constexpr std::chrono::seconds kPatience{6};
    static constexpr std::chrono::seconds kRequestWithin{2};
    static constexpr std::size_t kResolutionsMax = 256;
    static constexpr std::size_t kShareMax = kResolutionsMax / 4;
    static constexpr std::size_t kAddressesMax = 4096;
    /// Payload of a packet that may hold a request.  Shorter ones acknowledge and keep alive: in
    /// HTTP/2 over TLS those take 39 bytes, in QUIC up to about 60.
    static constexpr std::uint32_t kRequestMin = 64;

    /// The device got these addresses for the name, and no refusal.
    void resolved(const Resolution& resolution);

    /// What the flow is called is settled.
    void named(Flow& flow);

    /// The client of a flow that may carry another name (Flow::may_carry) sent kRequestMin or more.
    void sent(Flow& flow, Timestamp at);

    /// Those that are certain enough now; each once.
    std::vector<CoalescedContact> take_due(Timestamp now);

private:
    static constexpr std::size_t kFlowsMax = 4;  ///< Of one device to one address: the latest.
    static constexpr std::size_t kResolvedMax = 8;

    /// Kept until kPatience is over in any case: answers for a name come one after the other.
    enum class State : std::uint8_t { Waits, HasOwnFlow, HasRidden };
    struct Waiting {
        Resolution resolution;
        Timestamp latest;  ///< Of its answers.
        Timestamp ridden_at;
        State state = State::Waits;
        unsigned sent = 0;  ///< Packets that may have been requests.
    };
    using Flows = std::array<Flow*, kFlowsMax>;

    [[nodiscard]] Waiting* find(const devices::DeviceId& device, std::string_view name);
    Waiting* add(const Resolution& resolution);
    void watch_flows_to(const devices::DeviceId& device, const IpAddress& address);
    [[nodiscard]] static bool may_carry(const Flow& flow);

    std::vector<Waiting> waiting_;
    AddressMemory<Flows> flows_{{.count_max = kAddressesMax, .share_max = kAddressesMax / 4}};
};

}  // namespace sporvakt::capture
