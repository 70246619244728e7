#pragma once

#include "capture/flow_claims.h"
#include "capture/flow_journal.h"
#include "capture/flow_summary.h"
#include "capture/sources/packet_source.h"
#include "core/base/clock.h"
#include "core/base/mac_address.h"
#include "core/base/result.h"
#include "core/base/snapshot.h"
#include "core/ledger/sighting_sink.h"
#include "core/policy/policy.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

namespace sporvakt::capture {

/// Whether a DNS answer that refuses a blocked name counts as a contact that was prevented.
enum class RefusedQueries : std::uint8_t {
    Ignored,  ///< Our own resolver refused it and has recorded that.
    Counted,  ///< Somebody else's did: captures from files, the demonstration.
};

/// Where plain DNS goes that a device sends to somebody out there.
enum class PlainDns : std::uint8_t {
    GoesOut,
    ComesToUs,  ///< `[gate] redirect_dns`: it goes around nobody, though it looks so.
};

/// What an interface of ours is to the house.
enum class OwnCard : std::uint8_t {
    Gateway,   ///< Forwards its packets.
    Onlooker,  ///< Somebody else does, and is learnt from the packets.
};

struct SnifferSettings {
    /// Who forwards to the Internet: our own interfaces, where we are the gateway.  Others are
    /// learnt from the packets that they forward and the routes that they announce.
    std::vector<MacAddress> gateway_macs;
    RefusedQueries refused_queries = RefusedQueries::Ignored;
    PlainDns plain_dns = PlainDns::GoesOut;
    /// Called for every flow once it is over, expired, pushed out or finish()ed.  May be empty.
    std::function<void(const FlowSummary&)> on_flow_end;
    /// Where running flows are noted, so that a sniffer that is started again goes on with them.
    /// May be null; else it outlives the sniffer.
    FlowJournal* journal = nullptr;
    /// Where several sniffers agree on who counts a flow, with this one's number there.  May be
    /// null; else it outlives the sniffer.
    FlowClaims* claims = nullptr;
    FlowClaims::Party party = 0;
};

/// What the sniffer did not understand or had no room for.
struct SnifferCounters {
    std::uint64_t packets = 0;
    std::uint64_t malformed = 0;        ///< Packets with headers that make no sense.
    std::uint64_t malformed_names = 0;  ///< Server names that are no host names.
    std::uint64_t flows = 0;
    std::uint64_t flows_pushed_out = 0;  ///< Forgotten early, for want of room.
    std::uint64_t flows_refused = 0;     ///< Of devices that have more than their share.
    std::uint64_t datagrams_lost = 0;    ///< In fragments, never whole or not to be read.
    std::uint64_t names_given_up = 0;    ///< Flows no longer read for their name, for want of room.
    std::uint64_t quic_left_shut = 0;    ///< QUIC packets not opened: too many in their second.
    std::uint64_t clues_held_back = 0;   ///< What devices said of themselves, beyond the limit.
};

/// Packets in; device clues and sightings of trackers out.
///
/// Tells which device talks to whom by which name, judges the name, and adds up the bytes.  A
/// contact is recorded only when the policy blocks the name or it is a tracker's, once the server
/// has answered it.  Memory is bounded, whatever the packets say: 32 MB at the very most, also if
/// every flow and every answer has names of 250 bytes; time for expiry comes from the packets.  Not
/// thread-safe: one thread, one sniffer.
class Sniffer {
public:
    /// `policy` and `sink` outlive the sniffer.
    Sniffer(SnifferSettings settings, const Snapshot<policy::Policy>& policy,
            ledger::SightingSink& sink);
    Sniffer(const Sniffer&) = delete;
    Sniffer& operator=(const Sniffer&) = delete;
    Sniffer(Sniffer&&) = delete;
    Sniffer& operator=(Sniffer&&) = delete;
    ~Sniffer();

    void see(const Packet& packet);

    /// The machine's clock, which tells the packets' times, was set by so much before the packet
    /// that comes next.  Flows and answers keep their ages; what is told from now on has the new
    /// time, also of what happened before.
    void clock_set_by(std::chrono::milliseconds step);

    /// Once a second: records what has been added up since, and forgets flows that are over.  see()
    /// does this itself by the packets' time; call it when no packets come, as often as you like.
    void tick(Timestamp now);

    /// An interface of ours that is there only now, or is another card than before: no device of
    /// the house, but as settings.gateway_macs.
    void add_own_card(const MacAddress& mac, OwnCard card);

    /// Ends all flows and records what is left.  For the end of a file and the end of the process.
    void finish();

    [[nodiscard]] SnifferCounters counters() const;

private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

/// Feeds the sniffer until the source ends or `stop` is requested (noticed within 100 ms), then
/// finishes it.  Error: the source failed; what it gave before has been recorded.
Result<void> run_sniffer(PacketSource& source, Sniffer& sniffer, const std::stop_token& stop);

}  // namespace sporvakt::capture
