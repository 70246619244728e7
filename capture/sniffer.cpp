#include "capture/sniffer.h"

#include "capture/attribution/bypass.h"
#include "capture/attribution/coalesced_names.h"
#include "capture/attribution/name_pool.h"
#include "capture/devices/device_clues.h"
#include "capture/dns_answers.h"
#include "capture/flow_reporter.h"
#include "capture/flow_table.h"
#include "capture/frame.h"
#include "capture/ip_fragments.h"
#include "capture/name_readers.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace sporvakt::capture {
namespace {

using devices::DeviceId;

constexpr std::chrono::seconds kTick{1};
constexpr std::uint16_t kDnsPort = 53;
constexpr std::size_t kGatewaysMax = 16;

/// Which end of its flow sent a packet.
enum class Sender : std::uint8_t { Client, Server };

/// One end of a packet, with the MAC address that stands for it on this link.
struct Side {
    Endpoint endpoint;
    std::optional<MacAddress> mac;
};

Side source_side(const Frame& frame) {
    return {{frame.source, frame.source_port}, frame.source_mac};
}

Side destination_side(const Frame& frame) {
    return {{frame.destination, frame.destination_port}, frame.destination_mac};
}

/// Whether the sender of a flow's first packet that we see is who opened it.
bool is_from_client(const Frame& frame) {
    constexpr std::uint16_t kWellKnown = 1024;
    if (frame.is_tcp() && frame.has_flags(kTcpSyn)) {
        return !frame.has_flags(kTcpAck);
    }
    const bool source_serves = frame.source_port < kWellKnown;
    const bool destination_serves = frame.destination_port < kWellKnown;
    return destination_serves || !source_serves;
}

DeviceId device_of(const Side& side) {
    return side.mac && !side.mac->is_group() ? DeviceId(*side.mac)
                                             : DeviceId(side.endpoint.address);
}

/// An address that nobody in particular has.
bool is_nobody(const IpAddress& address) {
    return address.is_multicast() || address.is_unspecified() || address.is_loopback();
}

/// What is known already stays: a port, say, before a name.
void mark_bypass(Flow& flow, Bypass bypass) {
    if (flow.is_countable && flow.bypass == Bypass::None) {
        flow.bypass = bypass;
    }
}

/// Over TCP a length comes first (RFC 1035 §4.2.2).  A reply over several segments is left alone:
/// nearly all that come over TCP fit into one.
Bytes dns_message_in(const Frame& frame) {
    if (frame.is_udp()) {
        return frame.payload;
    }
    ByteReader stream(frame.payload);
    return stream.take_vector16().value_or(Bytes{});
}

bool speaks_of_devices(const Frame& frame) {
    constexpr std::uint16_t kMdns = 5353;
    if (!frame.is_udp()) {
        return frame.protocol == kProtocolIcmpv6;
    }
    const auto has_port = [&](std::uint16_t port) {
        return frame.source_port == port || frame.destination_port == port;
    };
    constexpr std::uint16_t kDhcpServer = 67;
    constexpr std::uint16_t kDhcp6Server = 547;
    return has_port(kDhcpServer) || has_port(kDhcp6Server) || has_port(kMdns);
}

}  // namespace

class Sniffer::Implementation {
public:
    Implementation(SnifferSettings settings, const Snapshot<policy::Policy>& policy,
                   ledger::SightingSink& sink)
        : settings_(std::move(settings)),
          gateways_(settings_.gateway_macs),
          sink_(sink, shift_),
          clues_(settings_.gateway_macs, sink_),
          reporter_(policy, sink_, settings_.journal, shift_),
          flows_([this](Flow& flow) { end(flow); }),
          readers_(answers_, names_) {
        reporter_.restore(flows_, names_);
        flows_.for_each([this](Flow& flow) { claim(flow); });
    }

    void see(Packet packet);
    void tick_at(Timestamp now) { tick(shift_.inside(now)); }
    void clock_set_by(std::chrono::milliseconds step) { shift_.set_by(step); }
    void add_own_card(const MacAddress& mac, OwnCard card);
    void finish();
    [[nodiscard]] const SnifferCounters& counters();

private:
    void tick(Timestamp now);
    void see_datagram(const Frame& frame);
    void see_dns(const Frame& frame);
    void learn_gateway(const Frame& frame);
    [[nodiscard]] bool is_gateway(const std::optional<MacAddress>& mac) const;
    [[nodiscard]] bool is_server_local(const Side& client, const Side& server) const;
    Flow* flow_of(const Frame& frame, const FlowKey& key);
    [[nodiscard]] bool is_another(const Flow& flow, const Frame& frame);
    Flow* begin_flow(const Frame& frame);
    void follow(Flow& flow, const Frame& frame, Sender sender);
    void read_payload(Flow& flow, const Frame& frame, Sender sender);
    void read_name(Flow& flow, const Frame& frame, Sender sender);
    void settled(Flow& flow);
    void make_room_for_names(const Flow* spared);
    void mark_bypass_by_name(Flow& flow);
    void note_bypass(Flow& flow, Timestamp at);
    void count_coalesced(Timestamp now);
    void claim(Flow& flow) const;
    void end(Flow& flow);

    SnifferSettings settings_;
    SnifferCounters counters_;
    std::vector<MacAddress> gateways_;
    ClockShift shift_;
    ShiftedSink sink_;
    DeviceClues clues_;
    IpFragments fragments_;
    NamePool names_;
    DnsAnswers answers_{names_};
    FlowReporter reporter_;
    FlowTable flows_;
    NameReaders readers_;
    CoalescedNames coalesced_;
    std::optional<Timestamp> last_tick_;
};

void Sniffer::Implementation::see(Packet packet) {
    ++counters_.packets;
    packet.at = shift_.inside(packet.at);
    tick(packet.at);
    const auto frame = decode_frame(packet);
    if (!frame) {
        ++counters_.malformed;
        return;
    }
    if (frame->fragment) {
        if (const auto whole = fragments_.add(*frame)) {
            see_datagram(*whole);
        }
        return;
    }
    see_datagram(*frame);
}

void Sniffer::Implementation::see_datagram(const Frame& frame) {
    if (!frame.has_ip || speaks_of_devices(frame)) {
        clues_.read(frame);
    }
    if (!frame.is_tcp() && !frame.is_udp()) {
        return;
    }
    if (frame.source_port == kDnsPort) {
        see_dns(frame);
    }
    if (frame.source.is_unspecified()) {
        return;  // 0.0.0.0 is every device that asks DHCP for an address, not one
    }
    const Endpoint source{frame.source, frame.source_port};
    const Endpoint destination{frame.destination, frame.destination_port};
    const bool from_first = FlowKey::is_first(source, destination);
    const auto key = from_first ? FlowKey::of_ordered(frame.protocol, source, destination)
                                : FlowKey::of_ordered(frame.protocol, destination, source);
    if (Flow* flow = flow_of(frame, key)) {
        follow(*flow, frame, from_first == flow->is_client_first ? Sender::Client : Sender::Server);
    }
}

void Sniffer::Implementation::see_dns(const Frame& frame) {
    const Side client = destination_side(frame);
    if (is_gateway(client.mac) || is_nobody(client.endpoint.address)) {
        return;  // the house's own resolver asking on behalf of everybody
    }
    const auto reply = parse_dns_reply(dns_message_in(frame));
    if (!reply) {
        return;
    }
    const DeviceId device = device_of(client);
    answers_.learn(device, *reply, frame.at);
    make_room_for_names(nullptr);
    const std::string& name = reply->question.text();
    if (!reply->is_refusal && !reply->addresses.empty() && reporter_.wants(device, name)) {
        coalesced_.resolved({device, name, reply->addresses, reply->ttl, frame.at});
    }
    if (reply->is_refusal && settings_.refused_queries == RefusedQueries::Counted) {
        reporter_.refused(device, name, frame.at);
    }
}

bool Sniffer::Implementation::is_gateway(const std::optional<MacAddress>& mac) const {
    return mac && std::find(gateways_.begin(), gateways_.end(), *mac) != gateways_.end();
}

/// Who sends a house packets from public IPv4 addresses forwards them.  Only where we are not told:
/// a device that pretends to be a gateway would hide its own flows, nobody else's.
void Sniffer::Implementation::learn_gateway(const Frame& frame) {
    const bool comes_from_outside = frame.source.family() == IpFamily::V4 &&
                                    !frame.source.is_private() && !is_nobody(frame.source) &&
                                    frame.destination.is_private();
    if (settings_.gateway_macs.empty() && comes_from_outside && frame.source_mac &&
        frame.destination_mac && gateways_.size() < kGatewaysMax && !is_gateway(frame.source_mac)) {
        gateways_.push_back(*frame.source_mac);
    }
}

/// Which of the two is in the house: the one with a private address; where that does not tell
/// (IPv6), the one that no gateway speaks for; else who opened the flow.
bool Sniffer::Implementation::is_server_local(const Side& client, const Side& server) const {
    const bool is_client_private = client.endpoint.address.is_private();
    if (is_client_private || server.endpoint.address.is_private()) {
        return !is_client_private;
    }
    return is_gateway(client.mac) && server.mac && !is_gateway(server.mac);
}

/// Whether the flow's ports are used again for another conversation.
bool Sniffer::Implementation::is_another(const Flow& flow, const Frame& frame) {
    if (frame.is_tcp() && frame.has_flags(kTcpSyn)) {
        const bool opens = !frame.has_flags(kTcpAck);
        return opens && !(flow.has_opening && flow.opening == frame.tcp_sequence);
    }
    const bool may_begin = flow.naming != Naming::Reads && (flow.transport == FlowTransport::Quic ||
                                                            (frame.is_tcp() && flow.is_closed));
    const Endpoint client = flow.client();
    if (!may_begin || frame.source_port != client.port || frame.source != client.address) {
        return false;
    }
    if (frame.is_tcp()) {  // its SYN was not seen; what closed may be sent again, though
        const bool is_first_again = flow.has_opening && frame.tcp_sequence == flow.opening + 1;
        return !is_first_again && begins_like_introduction(frame.payload);
    }
    return readers_.begins_another(flow, frame);
}

Flow* Sniffer::Implementation::flow_of(const Frame& frame, const FlowKey& key) {
    Flow* flow = flows_.find(key);
    if (flow != nullptr && (is_another(*flow, frame) || flow->is_over(frame.at))) {
        flows_.end(*flow);
        flow = nullptr;
    }
    return flow != nullptr ? flow : begin_flow(frame);
}

Flow* Sniffer::Implementation::begin_flow(const Frame& frame) {
    learn_gateway(frame);
    clues_.read(frame);
    const bool from_client = is_from_client(frame);
    const Side client = from_client ? source_side(frame) : destination_side(frame);
    const Side server = from_client ? destination_side(frame) : source_side(frame);
    const bool server_is_local = is_server_local(client, server);
    const Side& local = server_is_local ? server : client;
    Flow* flow = flows_.begin(
        frame.protocol, {client.endpoint, server.endpoint, device_of(local), server_is_local});
    if (flow == nullptr) {
        return nullptr;
    }
    flow->transport = frame.is_tcp() ? FlowTransport::Tcp : FlowTransport::Udp;
    flow->is_countable = !server_is_local && !is_gateway(local.mac) &&
                         !server.endpoint.address.is_private() &&
                         !is_nobody(server.endpoint.address) && !is_nobody(client.endpoint.address);
    claim(*flow);
    if (flow->is_countable) {
        flow->bypass = bypass_by_server(flow->transport, server.endpoint, reporter_.policy());
    }
    flow->first_seen = frame.at;
    if (frame.is_tcp() && frame.has_flags(kTcpSyn) && from_client) {
        flow->has_opening = true;
        flow->opening = frame.tcp_sequence;
    }
    if (auto name = answers_.name_of(flow->device(), server.endpoint.address, frame.at)) {
        Attribution& attribution = flow->attribute();
        attribution.inferred = std::move(name->name);
        attribution.certainty = name->certainty;
    }
    return flow;
}

void Sniffer::Implementation::follow(Flow& flow, const Frame& frame, Sender sender) {
    const bool from_client = sender == Sender::Client;
    if (from_client != flow.is_device_server) {
        flow.bytes_up += frame.ip_length;
        flow.packets_up += frame.packets;
    } else {
        flow.bytes_down += frame.ip_length;
        flow.packets_down += frame.packets;
    }
    flow.last_seen = std::max(flow.last_seen, frame.at);
    if (frame.is_tcp() && (frame.tcp_flags & (kTcpFin | kTcpRst)) != 0) {
        flow.is_closed = true;
    }
    if (!from_client && !flow.is_answered) {
        learn_gateway(frame);
    }
    if (frame.payload_length > 0) {
        read_payload(flow, frame, sender);
    }
    if (flow.bypass != Bypass::None && flow.is_answered) {
        note_bypass(flow, frame.at);
    }
    reporter_.note(flow);
}

void Sniffer::Implementation::read_payload(Flow& flow, const Frame& frame, Sender sender) {
    const bool from_client = sender == Sender::Client;
    if (from_client && !flow.has_sent) {
        flow.has_sent = true;
        mark_bypass(flow, bypass_by_payload(flow.transport, frame.payload));
    } else if (!from_client) {
        flow.is_answered = true;
    }
    if (flow.may_carry && from_client && frame.payload_length >= CoalescedNames::kRequestMin) {
        coalesced_.sent(flow, frame.at);
    }
    if (flow.naming != Naming::Done) {
        read_name(flow, frame, sender);
    }
}

void Sniffer::Implementation::read_name(Flow& flow, const Frame& frame, Sender sender) {
    if (sender == Sender::Client) {
        if (readers_.read(flow, frame) == Reading::Done) {
            settled(flow);
        }
    } else if (flow.naming == Naming::Watched) {
        readers_.finish(flow);  // the server has taken one version; another comes too late
    }
}

void Sniffer::Implementation::settled(Flow& flow) {
    mark_bypass_by_name(flow);
    coalesced_.named(flow);
    reporter_.name_settled(flow);
    make_room_for_names(&flow);
}

/// Answers have names for themselves that fit; what is too much is flows'.
void Sniffer::Implementation::make_room_for_names(const Flow* spared) {
    constexpr int kTriesMax = 64;
    for (int tries = 0; names_.is_crowded() && tries < kTriesMax; ++tries) {
        flows_.push_out_named(spared);
    }
}

void Sniffer::Implementation::mark_bypass_by_name(Flow& flow) {
    const bool is_doubtful = flow.is_inferred() && flow.has_name() &&
                             flow.attribution->certainty == Certainty::Uncertain;
    if (!is_doubtful) {
        mark_bypass(flow, bypass_by_name(flow.name(), reporter_.policy()));
    }
}

/// Once a minute for as long as it goes on.  Only what was answered: what the gate or a firewall
/// refused went around nobody.
void Sniffer::Implementation::note_bypass(Flow& flow, Timestamp at) {
    const auto minute = static_cast<std::uint16_t>(
        std::chrono::floor<std::chrono::minutes>(at).time_since_epoch().count());
    const bool comes_to_us =
        flow.bypass == Bypass::DnsElsewhere && settings_.plain_dns == PlainDns::ComesToUs;
    const IpAddress server = flow.server().address;
    // Our own resolver has addresses of the Internet too, where the house has such.
    if (flow.bypass_noted == minute || comes_to_us || clues_.is_on_link(server)) {
        return;
    }
    flow.bypass_noted = minute;
    const std::string address = server.text();
    clues_.note_bypass(at, flow.device(), flow.bypass,
                       flow.claimed().empty() ? std::string_view(address) : flow.claimed());
}

void Sniffer::Implementation::count_coalesced(Timestamp now) {
    for (const CoalescedContact& contact : coalesced_.take_due(now)) {
        reporter_.coalesced(contact);
    }
}

/// A flow that another sniffer counts is followed, but never counted here.
void Sniffer::Implementation::claim(Flow& flow) const {
    if (settings_.claims != nullptr && flow.is_countable) {
        flow.is_countable = settings_.claims->claim(flow.key, flow.device(), settings_.party);
    }
}

void Sniffer::Implementation::end(Flow& flow) {
    const bool was_unread = flow.naming == Naming::Reads;
    readers_.finish(flow);
    if (was_unread) {
        coalesced_.named(flow);
    }
    mark_bypass_by_name(flow);
    reporter_.ended(flow);
    if (settings_.claims != nullptr && flow.is_countable) {
        settings_.claims->release(flow.key, flow.device(), settings_.party);
    }
    if (settings_.on_flow_end) {
        FlowSummary summary = flow.summary();
        summary.first_seen = shift_.outside(summary.first_seen);
        summary.last_seen = shift_.outside(summary.last_seen);
        settings_.on_flow_end(summary);
    }
}

void Sniffer::Implementation::tick(Timestamp now) {
    // Time that runs backwards a little is reordering; more is a clock that was set.
    if (last_tick_ && now - *last_tick_ < kTick && *last_tick_ - now < 60 * kTick) {
        return;
    }
    last_tick_ = now;
    readers_.expire(now, [this](Flow& flow) { settled(flow); });
    reporter_.report_news();
    count_coalesced(now);
    flows_.sweep(now);
}

void Sniffer::Implementation::add_own_card(const MacAddress& mac, OwnCard card) {
    if (card == OwnCard::Gateway) {
        settings_.gateway_macs = {mac};  // no others are learnt
    }
    if (is_gateway(mac)) {
        return;
    }
    if (gateways_.size() == kGatewaysMax) {
        gateways_.erase(gateways_.begin());  // a card that was replaced long ago
    }
    gateways_.push_back(mac);
    clues_.learn_gateway(mac);
}

void Sniffer::Implementation::finish() {
    reporter_.report_news();
    flows_.end_all();
    count_coalesced(Timestamp::max());
}

const SnifferCounters& Sniffer::Implementation::counters() {
    counters_.malformed_names = readers_.malformed_names();
    counters_.flows = flows_.counters().begun;
    counters_.flows_pushed_out = flows_.counters().pushed_out;
    counters_.flows_refused = flows_.counters().refused;
    counters_.datagrams_lost = fragments_.lost();
    counters_.names_given_up = readers_.gave_way();
    counters_.quic_left_shut = readers_.left_shut();
    counters_.clues_held_back = clues_.held_back();
    return counters_;
}

Sniffer::Sniffer(SnifferSettings settings, const Snapshot<policy::Policy>& policy,
                 ledger::SightingSink& sink)
    : implementation_(std::make_unique<Implementation>(std::move(settings), policy, sink)) {}

Sniffer::~Sniffer() = default;

void Sniffer::see(const Packet& packet) {
    implementation_->see(packet);
}

void Sniffer::tick(Timestamp now) {
    implementation_->tick_at(now);
}

void Sniffer::clock_set_by(std::chrono::milliseconds step) {
    implementation_->clock_set_by(step);
}

void Sniffer::add_own_card(const MacAddress& mac, OwnCard card) {
    implementation_->add_own_card(mac, card);
}

void Sniffer::finish() {
    implementation_->finish();
}

SnifferCounters Sniffer::counters() const {
    return implementation_->counters();
}

Result<void> run_sniffer(PacketSource& source, Sniffer& sniffer, const std::stop_token& stop) {
    using std::chrono::floor;
    using std::chrono::milliseconds;
    using std::chrono::steady_clock;
    // Without packets the time goes on from the last one: a recording has a time of its own.
    std::optional<Timestamp> last_packet;
    std::optional<steady_clock::time_point> idle_since;
    while (!stop.stop_requested()) {
        const auto delivery = source.next();
        if (!delivery) {
            sniffer.finish();
            return tl::unexpected(delivery.error());
        }
        if (delivery->arrival == Arrival::End) {
            break;
        }
        if (delivery->arrival == Arrival::Packet) {
            sniffer.clock_set_by(delivery->clock_set_by);
            sniffer.see(delivery->packet);
            last_packet = delivery->packet.at;
            idle_since.reset();
        } else if (last_packet) {
            const auto now = steady_clock::now();
            idle_since = idle_since.value_or(now);
            sniffer.tick(*last_packet + floor<milliseconds>(now - *idle_since));
        }
    }
    sniffer.finish();
    return {};
}

}  // namespace sporvakt::capture
