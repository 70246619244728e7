#include "capture/sources/packet_filter.h"

#include "capture/attribution/coalesced_names.h"
#include "capture/encapsulation.h"
#include "capture/frame.h"
#include "capture/sources/pcap_handle.h"
#include "core/base/assert.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>

namespace sporvakt::capture {
namespace {

// Where things stand in a frame without tags.  The kernel takes one tag out before it asks us.
constexpr std::uint32_t kSourceMac = 6;
constexpr std::uint32_t kEthertype = 12;
constexpr std::uint32_t kIp = 14;
constexpr std::uint32_t kIpv4Length = kIp + 2;
constexpr std::uint32_t kIpv4Fragment = kIp + 6;
constexpr std::uint32_t kIpv4Protocol = kIp + 9;
constexpr std::uint32_t kIpv4Source = kIp + 12;
constexpr std::uint32_t kIpv4Destination = kIp + 16;
constexpr std::uint32_t kIpv6Length = kIp + 4;
constexpr std::uint32_t kIpv6Protocol = kIp + 6;
constexpr std::uint32_t kIpv6Header = 40;

// In TCP and UDP.
constexpr std::uint32_t kSourcePort = 0;
constexpr std::uint32_t kDestinationPort = 2;
constexpr std::uint32_t kTcpOffset = 12;
constexpr std::uint32_t kTcpFlags = 13;
constexpr std::uint32_t kUdpLength = 4;
constexpr std::uint32_t kUdpHeader = 8;
constexpr std::uint32_t kQuicLong = 0x80;   // the header's form (RFC 9000 §17.2)
constexpr std::uint32_t kQuicFixed = 0x40;  // set in all packets of QUIC (but RFC 9287)

constexpr std::uint32_t kHttps = 443;
constexpr std::uint32_t kHttp = 80;
constexpr std::uint32_t kFirstHighPort = 1024;

struct Network {
    std::uint32_t mask;
    std::uint32_t address;
};
constexpr std::array kPrivateNetworks{
    // as IpAddress::is_private()
    Network{0xff000000, 0x0a000000}, Network{0xfff00000, 0xac100000},
    Network{0xffff0000, 0xc0a80000}, Network{0xffff0000, 0xa9fe0000}};

/// With IPv4 the transport header begins behind X bytes of IP header.
enum class Family : std::uint8_t { V4, V6 };

/// Writes a program from its beginning to its end; jumps lead forward.
class Writer {
public:
    using Label = std::size_t;

    explicit Writer(Wanted wanted) : wanted_(wanted) {}

    std::vector<PacketFilter::Instruction> write(const std::optional<MacAddress>& gateway);

private:
    Label label();
    void put(Label label) { places_[label] = program_.size(); }
    void add(unsigned code, std::uint32_t operand);
    void jump(unsigned code, std::uint32_t operand, Label if_true, Label if_false);
    void jump_if_equal(std::uint32_t operand, Label there);
    void jump_unless_equal(std::uint32_t operand, Label there);
    void jump_if_any(std::uint32_t bits, Label there);
    void jump_unless_any(std::uint32_t bits, Label there);
    void go(Label label) { jump(BPF_JEQ, 0, label, label); }
    void give(Label here, std::uint32_t length);
    void resolve();

    void load(unsigned size, std::uint32_t at) { add(BPF_LD | BPF_ABS | size, at); }
    void load_transport(Family family, unsigned size, std::uint32_t at);
    void load_x_with_payload_place(Family family);
    void ipv4();
    void ipv6(const std::optional<MacAddress>& gateway);
    void transports(Family family, std::uint32_t protocol_at, Label from_outside);
    void answer_or(Family family, Label other);
    void tcp_from_outside(Family family, Label other);
    void udp_from_outside(Family family, Label other);
    void any_tcp(Family family);
    void any_udp(Family family);

    struct Jump {
        std::size_t at;
        Label if_true;
        Label if_false;
    };

    Wanted wanted_;
    std::vector<PacketFilter::Instruction> program_;
    std::vector<std::size_t> places_;
    std::vector<Jump> jumps_;
    Label whole_ = label();
    Label head_ = label();
    Label none_ = label();
};

Writer::Label Writer::label() {
    places_.push_back(0);
    return places_.size() - 1;
}

void Writer::add(unsigned code, std::uint32_t operand) {
    program_.push_back({static_cast<std::uint16_t>(code), 0, 0, operand});
}

void Writer::jump(unsigned code, std::uint32_t operand, Label if_true, Label if_false) {
    jumps_.push_back({program_.size(), if_true, if_false});
    add(BPF_JMP | code, operand);
}

void Writer::jump_if_equal(std::uint32_t operand, Label there) {
    const Label next = label();
    jump(BPF_JEQ, operand, there, next);
    put(next);
}

void Writer::jump_unless_equal(std::uint32_t operand, Label there) {
    const Label next = label();
    jump(BPF_JEQ, operand, next, there);
    put(next);
}

void Writer::jump_if_any(std::uint32_t bits, Label there) {
    const Label next = label();
    jump(BPF_JSET, bits, there, next);
    put(next);
}

void Writer::jump_unless_any(std::uint32_t bits, Label there) {
    const Label next = label();
    jump(BPF_JSET, bits, next, there);
    put(next);
}

/// By way of the accumulator: libpcap makes every constant length that is not 0 the longest.
void Writer::give(Label here, std::uint32_t length) {
    put(here);
    add(BPF_LD | BPF_IMM, length);
    add(BPF_RET | BPF_A, 0);
}

void Writer::load_transport(Family family, unsigned size, std::uint32_t at) {
    if (family == Family::V4) {
        add(BPF_LD | BPF_IND | size, kIp + at);
    } else {
        load(size, kIp + kIpv6Header + at);
    }
}

/// X: the length of all headers that IP's own length counts.
void Writer::load_x_with_payload_place(Family family) {
    load_transport(family, BPF_B, kTcpOffset);
    add(BPF_ALU | BPF_AND | BPF_K, 0xf0);
    add(BPF_ALU | BPF_RSH | BPF_K, 2);  // it counts in fours
    if (family == Family::V4) {
        add(BPF_ALU | BPF_ADD | BPF_X, 0);
    }
    add(BPF_MISC | BPF_TAX, 0);
}

std::vector<PacketFilter::Instruction> Writer::write(const std::optional<MacAddress>& gateway) {
    const Label v4 = label();
    const Label v6 = label();
    load(BPF_H, kEthertype);
    jump_if_equal(kEthertypeIpv4, v4);
    jump(BPF_JEQ, kEthertypeIpv6, v6, whole_);
    put(v4);
    ipv4();
    put(v6);
    ipv6(gateway);
    give(whole_, PacketFilter::kWholeBytes);
    give(head_, PacketFilter::kHeadBytes);
    give(none_, 0);
    resolve();
    return program_;
}

void Writer::ipv4() {
    constexpr std::uint32_t kMoreOrOffset = 0x3fff;
    const Label outside = label();
    const Label inside = label();
    load(BPF_H, kIpv4Fragment);
    jump_if_any(kMoreOrOffset, whole_);
    add(BPF_LDX | BPF_MSH | BPF_B, kIp);
    for (const auto& [mask, address] : kPrivateNetworks) {
        load(BPF_W, kIpv4Source);
        add(BPF_ALU | BPF_AND | BPF_K, mask);
        jump_if_equal(address, inside);
    }
    for (const auto& [mask, address] : kPrivateNetworks) {
        load(BPF_W, kIpv4Destination);
        add(BPF_ALU | BPF_AND | BPF_K, mask);
        jump_if_equal(address, outside);
    }
    put(inside);
    transports(Family::V4, kIpv4Protocol, outside);
}

void Writer::ipv6(const std::optional<MacAddress>& gateway) {
    const Label outside = label();
    const Label inside = label();
    if (gateway) {
        const auto& mac = gateway->bytes();
        const auto word = [&mac](std::size_t from, std::size_t to) {
            std::uint32_t value = 0;
            for (std::size_t at = from; at < to; ++at) {
                value = (value << 8U) | mac.at(at);
            }
            return value;
        };
        load(BPF_W, kSourceMac);
        jump_unless_equal(word(0, 4), inside);
        load(BPF_H, kSourceMac + 4);
        jump_if_equal(word(4, MacAddress::kLength), outside);
    }
    put(inside);
    transports(Family::V6, kIpv6Protocol, outside);
}

/// Begins with what does not come from outside.
void Writer::transports(Family family, std::uint32_t protocol_at, Label from_outside) {
    const Label tcp = label();
    const Label udp = label();
    const Label outer_tcp = label();
    const Label outer_udp = label();
    load(BPF_B, protocol_at);
    jump_if_equal(kProtocolTcp, tcp);
    jump(BPF_JEQ, kProtocolUdp, udp, whole_);
    put(from_outside);
    load(BPF_B, protocol_at);
    jump_if_equal(kProtocolTcp, outer_tcp);
    jump(BPF_JEQ, kProtocolUdp, outer_udp, whole_);
    put(outer_tcp);
    tcp_from_outside(family, tcp);
    put(outer_udp);
    udp_from_outside(family, udp);
    put(tcp);
    any_tcp(family);
    put(udp);
    any_udp(family);
}

/// Goes on where the ports are those of a server's answer.
void Writer::answer_or(Family family, Label other) {
    const Label is_web = label();
    const Label is_answer = label();
    load_transport(family, BPF_H, kSourcePort);
    jump_if_equal(kHttp, is_web);
    jump_unless_equal(kHttps, other);
    put(is_web);
    load_transport(family, BPF_H, kDestinationPort);
    for (const std::uint16_t tunnel : {kVxlanPort, kLinuxVxlanPort, kGenevePort, kTeredoPort}) {
        jump_if_equal(tunnel, other);  // may hold anything
    }
    jump(BPF_JGE, kFirstHighPort, is_answer, other);
    put(is_answer);
}

void Writer::tcp_from_outside(Family family, Label other) {
    load_transport(family, BPF_B, kTcpFlags);
    jump_if_any(kTcpSyn, other);  // who begins a connection is no server
    answer_or(family, other);
    if (wanted_ == Wanted::Bytes) {
        go(head_);
        return;
    }
    // That the server answered is told by how its handshake begins; whatever ends a flow, too.
    constexpr std::uint32_t kHandshake = 0x1603;  // and the version of TLS (RFC 8446 §5.1)
    constexpr std::uint32_t kAlert = 0x1503;
    constexpr std::uint32_t kHttpStart = 0x4854;  // "HT"
    load_transport(family, BPF_B, kTcpFlags);
    jump_if_any(kTcpFin | kTcpRst, head_);
    load_x_with_payload_place(family);
    add(BPF_LD | BPF_IND | BPF_H, family == Family::V4 ? kIp : kIp + kIpv6Header);
    for (const std::uint32_t start : {kHandshake, kAlert, kHttpStart}) {
        jump_if_equal(start, head_);
    }
    go(none_);
}

void Writer::udp_from_outside(Family family, Label other) {
    answer_or(family, other);
    if (wanted_ == Wanted::Handshakes) {
        const Label is_filled = label();
        load_transport(family, BPF_H, kUdpLength);
        jump(BPF_JGT, kUdpHeader, is_filled, head_);
        put(is_filled);
        load_transport(family, BPF_B, kUdpHeader);
        jump_unless_any(kQuicLong, none_);
    }
    go(head_);
}

void Writer::any_tcp(Family family) {
    if (wanted_ == Wanted::Bytes) {
        go(whole_);
        return;
    }
    load_transport(family, BPF_B, kTcpFlags);
    jump_if_any(kTcpSyn | kTcpFin | kTcpRst, whole_);
    load_x_with_payload_place(family);
    load(BPF_H, family == Family::V4 ? kIpv4Length : kIpv6Length);
    jump(BPF_JEQ | BPF_X, 0, none_, whole_);  // nothing but an acknowledgement
}

void Writer::any_udp(Family family) {
    const Label is_web = label();
    const Label is_filled = label();
    const Label is_short = label();
    load_transport(family, BPF_H, kSourcePort);
    jump_if_equal(kTeredoPort, whole_);
    load_transport(family, BPF_H, kDestinationPort);
    jump(BPF_JEQ, kHttps, is_web, whole_);
    put(is_web);
    load_transport(family, BPF_H, kUdpLength);
    jump(BPF_JGT, kUdpHeader, is_filled, whole_);
    put(is_filled);
    load_transport(family, BPF_B, kUdpHeader);
    jump(BPF_JSET, kQuicLong, whole_, is_short);
    put(is_short);
    if (wanted_ == Wanted::Handshakes) {
        const Label is_small = label();  // no request for another name (CoalescedNames)
        load_transport(family, BPF_H, kUdpLength);
        jump(BPF_JGE, kUdpHeader + CoalescedNames::kRequestMin, head_, is_small);
        put(is_small);
        load_transport(family, BPF_B, kUdpHeader);
        jump_if_any(kQuicFixed, none_);  // a VPN's first packet has it clear
    }
    go(head_);
}

void Writer::resolve() {
    for (const Jump& jump : jumps_) {
        const auto distance = [&](Label label) {
            const std::size_t steps = places_[label] - jump.at - 1;
            SPORVAKT_ASSERT(steps <= std::numeric_limits<std::uint8_t>::max());
            return static_cast<std::uint8_t>(steps);
        };
        program_[jump.at].if_true = distance(jump.if_true);
        program_[jump.at].if_false = distance(jump.if_false);
    }
}

}  // namespace

PacketFilter::PacketFilter(Wanted wanted, std::optional<MacAddress> gateway)
    : program_(Writer(wanted).write(gateway)) {}

std::size_t PacketFilter::taken_of(Bytes packet) const {
    const std::vector<bpf_insn> steps = bpf_steps(*this);
    const auto length = static_cast<u_int>(packet.size());
    return std::min<std::size_t>(bpf_filter(steps.data(), packet.data(), length, length),
                                 packet.size());
}

}  // namespace sporvakt::capture
