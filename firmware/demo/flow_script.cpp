#include "firmware/demo/flow_script.h"

#include "tests/support/packets/packet_builder.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace sporvakt::firmware::demo {
namespace {

using test::Octets;
using namespace std::chrono_literals;

constexpr std::size_t kSegmentBytesMax = 1400;
constexpr std::size_t kHeadersKept = 80;  // Ethernet, IP and transport headers, and a little more
constexpr std::size_t kKeepAll = std::numeric_limits<std::size_t>::max();

constexpr std::uint8_t kFin = 0x01;
constexpr std::uint8_t kSyn = 0x02;
constexpr std::uint8_t kPush = 0x08;
constexpr std::uint8_t kAck = 0x10;
constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;
constexpr std::uint16_t kIpv4 = 0x0800;

// A line of some 15 ms to the Internet and 10 Mbit/s.
constexpr auto kHalfRoundTrip = 7500us;
constexpr auto kSegmentTime = 1100us;

Direction opposite(Direction direction) {
    return direction == Direction::Up ? Direction::Down : Direction::Up;
}

}  // namespace

FlowScript::FlowScript(FlowEnds ends, std::chrono::microseconds at,
                       std::vector<RecordedPacket>& packets)
    : ends_(std::move(ends)), at_(at), packets_(packets), kept_(kKeepAll) {}

void FlowScript::datagram(Direction direction, const std::vector<std::uint8_t>& payload) {
    const test::Ports up{ends_.device_port, ends_.server_port};
    const test::Ports down{ends_.server_port, ends_.device_port};
    write(direction, kUdp, test::udp(direction == Direction::Up ? up : down, payload), kept_);
    at_ += kSegmentTime;
}

void FlowScript::sealed_datagrams(Direction direction, std::uint32_t bytes) {
    kept_ = kHeadersKept;
    while (bytes > 0) {
        const auto size = std::min<std::uint32_t>(bytes, 1200);
        Octets payload(size, 0x5a);
        payload[0] = 0x41;  // a short header (RFC 9000 §17.3)
        datagram(direction, payload);
        bytes -= size;
    }
    kept_ = kKeepAll;
}

void FlowScript::open_tcp() {
    segment(Direction::Up, kSyn, {});
    at_ += 2 * kHalfRoundTrip;
    segment(Direction::Down, kSyn | kAck, {});
    at_ += 300us;
    segment(Direction::Up, kAck, {});
    at_ += 300us;
}

void FlowScript::send(Direction direction, const std::vector<std::uint8_t>& payload) {
    for (std::size_t sent = 0; sent < payload.size(); sent += kSegmentBytesMax) {
        const std::size_t size = std::min(kSegmentBytesMax, payload.size() - sent);
        const auto begin = payload.begin() + static_cast<std::ptrdiff_t>(sent);
        segment(direction, kPush | kAck, {begin, begin + static_cast<std::ptrdiff_t>(size)});
        at_ += kSegmentTime;
        const bool is_second = (sent / kSegmentBytesMax) % 2 == 1;
        if (is_second || sent + size == payload.size()) {
            segment(opposite(direction), kAck, {});  // RFC 9293 §3.8.6.3
            at_ += 200us;
        }
    }
}

void FlowScript::send_sealed(Direction direction, std::uint32_t bytes) {
    kept_ = kHeadersKept;
    send(direction, Octets(bytes, 0x5a));
    kept_ = kKeepAll;
}

void FlowScript::close_tcp() {
    segment(Direction::Up, kFin | kAck, {});
    at_ += 2 * kHalfRoundTrip;
    segment(Direction::Down, kFin | kAck, {});
    at_ += 300us;
    segment(Direction::Up, kAck, {});
}

void FlowScript::segment(Direction direction, std::uint8_t flags,
                         const std::vector<std::uint8_t>& payload) {
    const bool is_up = direction == Direction::Up;
    std::uint32_t& sequence = is_up ? sequence_up_ : sequence_down_;
    const std::uint32_t other = is_up ? sequence_down_ : sequence_up_;
    test::TcpFields fields;
    fields.source_port = is_up ? ends_.device_port : ends_.server_port;
    fields.destination_port = is_up ? ends_.server_port : ends_.device_port;
    fields.sequence = sequence;
    fields.flags = flags;
    fields.acknowledgement = (flags & kAck) != 0 ? other : 0;
    write(direction, kTcp, test::tcp(fields, payload), kept_);
    sequence += static_cast<std::uint32_t>(payload.size()) + ((flags & (kSyn | kFin)) != 0 ? 1 : 0);
}

void FlowScript::write(Direction direction, std::uint8_t protocol,
                       const std::vector<std::uint8_t>& transport, std::size_t kept) {
    const bool is_up = direction == Direction::Up;
    test::IpFields ip;
    ip.source = is_up ? ends_.device_address : ends_.server_address;
    ip.destination = is_up ? ends_.server_address : ends_.device_address;
    ip.protocol = protocol;
    ip.id = ip_id_++;
    const test::MacPair up{ends_.device_mac, ends_.gateway_mac};
    const test::MacPair down{ends_.gateway_mac, ends_.device_mac};
    Octets bytes = test::ethernet(kIpv4, test::ipv4(ip, transport), is_up ? up : down);
    const auto wire_length = static_cast<std::uint32_t>(bytes.size());
    bytes.resize(std::min(bytes.size(), kept));
    packets_.push_back({at_, std::move(bytes), wire_length});
}

}  // namespace sporvakt::firmware::demo
