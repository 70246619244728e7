#include "capture/frame.h"

#include "capture/encapsulation.h"
#include "core/base/big_endian.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace sporvakt::capture {
namespace {

enum class Layer : std::uint8_t {
    Ethernet,
    Ethertype,
    Ppp,
    Mpls,
    AnyIp,
    Ipv4,
    Ipv6,
    Extension,
    Upper,
    Done
};

constexpr std::uint16_t kEthertypeVlan = 0x8100;          // IEEE 802.1Q
constexpr std::uint16_t kEthertypeQinq = 0x88a8;          // IEEE 802.1ad
constexpr std::uint16_t kEthertypeOldQinq = 0x9100;       // before 802.1ad, still sold
constexpr std::uint16_t kEthertypePppoeSession = 0x8864;  // RFC 2516 §4
constexpr std::uint16_t kEthertypeMpls = 0x8847;          // RFC 3032 §5
constexpr std::uint16_t kEthertypeMplsMulticast = 0x8848;
constexpr std::uint16_t kPppIpv4 = 0x0021;  // RFC 1332 §2
constexpr std::uint16_t kPppIpv6 = 0x0057;  // RFC 5072 §3

constexpr std::uint8_t kProtocolIpv4 = 4;   // RFC 2003
constexpr std::uint8_t kProtocolIpv6 = 41;  // RFC 4213 §3.5: 6in4
constexpr std::uint8_t kProtocolGre = 47;   // RFC 2784

constexpr std::size_t kSllHeader = 16;
constexpr std::size_t kSll2Header = 20;
constexpr std::size_t kIpv4HeaderMin = 20;
constexpr std::size_t kIpv6Header = 40;
constexpr std::size_t kTcpHeaderMin = 20;
constexpr std::size_t kUdpHeader = 8;
constexpr std::size_t kExtensionHeadersMax = 12;

template <std::size_t at>
MacAddress mac_at(Bytes header) {
    std::array<std::uint8_t, MacAddress::kLength> bytes{};
    std::memcpy(bytes.data(), header.subspan<at, MacAddress::kLength>().data(), bytes.size());
    return MacAddress(bytes);
}

bool is_vlan(std::uint16_t ethertype) {
    return ethertype == kEthertypeVlan || ethertype == kEthertypeQinq ||
           ethertype == kEthertypeOldQinq;
}

bool is_extension_header(std::uint8_t protocol) {
    switch (protocol) {
        case 0:    // hop-by-hop options
        case 43:   // routing
        case 51:   // authentication
        case 60:   // destination options
        case 135:  // mobility
        case 139:  // host identity
        case 140:  // shim6
            return true;
        default:
            return false;
    }
}

Parsed<void> read_tcp(Frame& frame, Bytes datagram, std::size_t sent_length) {
    ByteReader reader(datagram);
    const Bytes header = SPORVAKT_TRY(reader.take(kTcpHeaderMin));
    const std::size_t header_length = static_cast<std::size_t>(header[12] >> 4U) * 4;
    if (header_length < kTcpHeaderMin || header_length > sent_length) {
        return tl::unexpected(ParseError::Malformed);
    }
    frame.source_port = load16(header, 0);
    frame.destination_port = load16(header, 2);
    frame.tcp_sequence = load32(header, 4);
    frame.tcp_flags = header[13];
    frame.payload = datagram.subspan(std::min(header_length, datagram.size()));
    frame.payload_length = static_cast<std::uint32_t>(sent_length - header_length);
    return {};
}

Parsed<void> read_udp(Frame& frame, Bytes datagram, std::size_t sent_length) {
    ByteReader reader(datagram);
    const Bytes header = SPORVAKT_TRY(reader.take(kUdpHeader));
    std::size_t length = load16(header, 4);
    if (length == 0) {
        length = sent_length;  // a super-frame of segmentation offload, or a jumbogram (RFC 2675)
    }
    if (length < kUdpHeader || length > sent_length) {
        return tl::unexpected(ParseError::Malformed);
    }
    frame.source_port = load16(header, 0);
    frame.destination_port = load16(header, 2);
    frame.payload_length = static_cast<std::uint32_t>(length - kUdpHeader);
    frame.payload = reader.take_rest();
    frame.payload = frame.payload.first(std::min(frame.payload.size(), length - kUdpHeader));
    return {};
}

Parsed<void> read_transport(Frame& frame, Bytes datagram, std::size_t sent_length) {
    frame.payload = datagram;
    frame.payload_length = static_cast<std::uint32_t>(sent_length);
    if (frame.protocol == kProtocolTcp) {
        return read_tcp(frame, datagram, sent_length);
    }
    if (frame.protocol == kProtocolUdp) {
        return read_udp(frame, datagram, sent_length);
    }
    return {};
}

/// Walks the layers of one packet from the outside in.
class Decoder {
public:
    /// Writes into `frame`; what stands there on failure is of no use.
    Decoder(Frame& frame, const Packet& packet)
        : frame_(frame),
          rest_(packet.bytes),
          uncaptured_(packet.wire_length > packet.bytes.size()
                          ? packet.wire_length - packet.bytes.size()
                          : 0) {
        frame_.at = packet.at;
    }
    Decoder(Frame& frame, Bytes ip_payload) : frame_(frame), rest_(ip_payload) {}

    Parsed<void> decode(LinkType link) { return decode_from(begin(link)); }
    Parsed<void> decode_upper() { return decode_from(Layer::Extension); }

private:
    Parsed<void> decode_from(Parsed<Layer> layer);
    Parsed<Layer> begin(LinkType link);
    Parsed<Layer> step(Layer layer);
    Parsed<Layer> ethernet();
    Parsed<Layer> cooked(LinkType link);
    Parsed<Layer> family(LinkType link);
    Parsed<Layer> ethertype();
    Parsed<Layer> vlan();
    Parsed<Layer> pppoe();
    Parsed<Layer> ppp();
    Parsed<Layer> mpls();
    Parsed<Layer> any_ip();
    Parsed<Layer> ipv4();
    Parsed<Layer> ipv6();
    Parsed<Layer> extension_headers();
    Parsed<Layer> llc();
    Parsed<Layer> upper();
    Parsed<Layer> gre();
    Parsed<Layer> nflog();
    Parsed<Layer> udp_tunnel();
    Layer enter_tunnel(Layer inner);
    Parsed<Bytes> take(std::size_t count);
    void limit_to(std::size_t sent_length);
    [[nodiscard]] std::size_t sent_length() const { return rest_.size() + uncaptured_; }

    Frame& frame_;
    Bytes rest_;  ///< From the current layer's header to the end of what was captured.
    std::size_t uncaptured_ = 0;  ///< Of this layer's bytes, those sent but not captured.
    std::optional<Frame> outer_;  ///< What to report if the inside of a tunnel is unreadable.
};

[[gnu::always_inline]] inline Parsed<Bytes> Decoder::take(std::size_t count) {
    if (count > rest_.size()) {
        return tl::unexpected(ParseError::Truncated);
    }
    const Bytes taken(rest_.data(), count);
    rest_ = Bytes(rest_.data() + count, rest_.size() - count);  // subspan() is not inlined
    return taken;
}

/// Cuts what follows the layer: Ethernet pads short packets to 60 bytes.
void Decoder::limit_to(std::size_t length) {
    if (length <= rest_.size()) {
        rest_ = rest_.first(length);
        uncaptured_ = 0;
    } else {
        uncaptured_ = length - rest_.size();
    }
}

Parsed<void> Decoder::decode_from(Parsed<Layer> layer) {
    for (std::size_t depth = 0; layer && *layer != Layer::Done; ++depth) {
        if (depth == kLayerMax) {
            layer = tl::unexpected(ParseError::LimitExceeded);
            break;
        }
        layer = step(*layer);
    }
    if (layer) {
        return {};
    }
    if (outer_) {
        frame_ = *outer_;
        return {};
    }
    return tl::unexpected(layer.error());
}

Parsed<Layer> Decoder::begin(LinkType link) {
    switch (link) {
        case LinkType::Ethernet:
            return Layer::Ethernet;
        case LinkType::RawIp:
            return Layer::AnyIp;
        case LinkType::Ppp:
            return Layer::Ppp;
        case LinkType::Null:
        case LinkType::Loop:
            return family(link);
        case LinkType::LinuxSll:
        case LinkType::LinuxSll2:
            return cooked(link);
        case LinkType::Nflog:
            return nflog();
        case LinkType::Unknown:
            break;
    }
    return tl::unexpected(ParseError::Malformed);
}

Parsed<Layer> Decoder::step(Layer layer) {
    switch (layer) {
        case Layer::Ethernet:
            return ethernet();
        case Layer::Ethertype:
            return ethertype();
        case Layer::Ppp:
            return ppp();
        case Layer::Mpls:
            return mpls();
        case Layer::AnyIp:
            return any_ip();
        case Layer::Ipv4:
            return ipv4();
        case Layer::Ipv6:
            return ipv6();
        case Layer::Extension:
            return extension_headers();
        case Layer::Upper:
            return upper();
        case Layer::Done:
            break;
    }
    return Layer::Done;
}

Parsed<Layer> Decoder::ethernet() {
    const Bytes header = SPORVAKT_TRY(take(14));
    frame_.destination_mac = mac_at<0>(header);
    frame_.source_mac = mac_at<6>(header);
    frame_.ethertype = load16(header, 12);
    constexpr std::uint16_t kEthertypeMin = 0x0600;  // below, it is a length (IEEE 802.3 §3.2.6)
    return frame_.ethertype < kEthertypeMin ? llc() : Layer::Ethertype;
}

/// The ethertype behind LLC and SNAP headers (IEEE 802.2; RFC 1042).
Parsed<Layer> Decoder::llc() {
    constexpr std::array<std::uint8_t, 6> kSnap{0xaa, 0xaa, 0x03, 0, 0, 0};
    limit_to(frame_.ethertype);
    frame_.ethertype = 0;
    if (rest_.size() < kSnap.size() + 2 || !std::equal(kSnap.begin(), kSnap.end(), rest_.begin())) {
        frame_.network = rest_;
        return Layer::Done;  // spanning tree and the like
    }
    frame_.ethertype = load16(SPORVAKT_TRY(take(kSnap.size() + 2)), kSnap.size());
    return Layer::Ethertype;
}

/// Linux "cooked" captures (www.tcpdump.org/linktypes: LINUX_SLL, LINUX_SLL2) keep only the
/// sender's address.
Parsed<Layer> Decoder::cooked(LinkType link) {
    const bool second = link == LinkType::LinuxSll2;
    const Bytes header = SPORVAKT_TRY(take(second ? kSll2Header : kSllHeader));
    const std::size_t address_length = second ? header[11] : load16(header, 4);
    if (address_length == MacAddress::kLength) {
        frame_.source_mac = second ? mac_at<12>(header) : mac_at<6>(header);
    }
    frame_.ethertype = load16(header, second ? 0 : 14);
    return Layer::Ethertype;
}

/// The family number differs between systems (AF_INET6 is 10, 24, 28 or 30), the IP version under
/// it does not.
Parsed<Layer> Decoder::family(LinkType link) {
    const Bytes header = SPORVAKT_TRY(take(4));
    const bool big_endian = link == LinkType::Loop || header[0] == 0;
    const std::uint8_t family = big_endian ? header[3] : header[0];
    constexpr std::array<std::uint8_t, 5> kIpFamilies{2, 10, 24, 28, 30};
    if (std::find(kIpFamilies.begin(), kIpFamilies.end(), family) == kIpFamilies.end()) {
        return Layer::Done;
    }
    return Layer::AnyIp;
}

Parsed<Layer> Decoder::ethertype() {
    frame_.network = rest_;
    switch (frame_.ethertype) {
        case kEthertypeIpv4:
            return Layer::Ipv4;
        case kEthertypeIpv6:
            return Layer::Ipv6;
        case kEthertypeVlan:
        case kEthertypeQinq:
        case kEthertypeOldQinq:
            return vlan();
        case kEthertypePppoeSession:
            return pppoe();
        case kEthertypeMpls:
        case kEthertypeMplsMulticast:
            return Layer::Mpls;
        case kEthertypeArp:
            return Layer::Done;
        default:
            frame_.ethertype = 0;
            return Layer::Done;
    }
}

/// All tags at once: they are no layers, and a hostile stack of them ends with the packet.
Parsed<Layer> Decoder::vlan() {
    while (is_vlan(frame_.ethertype)) {
        frame_.ethertype = load16(SPORVAKT_TRY(take(4)), 2);
    }
    return Layer::Ethertype;
}

Parsed<Layer> Decoder::pppoe() {
    const Bytes header = SPORVAKT_TRY(take(6));
    constexpr std::uint8_t kVersionAndType = 0x11;
    if (header[0] != kVersionAndType || header[1] != 0) {
        return tl::unexpected(ParseError::Malformed);
    }
    limit_to(load16(header, 4));
    return enter_tunnel(Layer::Ppp);
}

Parsed<Layer> Decoder::ppp() {
    if (rest_.size() >= 2 && rest_[0] == 0xff && rest_[1] == 0x03) {
        SPORVAKT_TRY(take(2));  // HDLC address and control (RFC 1662 §3.1)
    }
    const std::uint16_t protocol = load16(SPORVAKT_TRY(take(2)), 0);
    if (protocol == kPppIpv4) {
        return Layer::Ipv4;
    }
    return protocol == kPppIpv6 ? Layer::Ipv6 : Layer::Done;
}

Parsed<Layer> Decoder::mpls() {
    bool is_last = false;
    while (!is_last) {
        is_last = (SPORVAKT_TRY(take(4))[2] & 1U) != 0;
    }
    const bool is_wire = !rest_.empty() && rest_[0] >> 4U == 0;
    if (!is_wire) {
        return Layer::AnyIp;
    }
    SPORVAKT_TRY(take(4));  // the control word in front of a carried Ethernet (RFC 4448 §4.6)
    return enter_tunnel(Layer::Ethernet);
}

Parsed<Layer> Decoder::any_ip() {
    if (rest_.empty()) {
        return tl::unexpected(ParseError::Truncated);
    }
    const unsigned version = rest_[0] >> 4U;
    if (version != 4 && version != 6) {
        return tl::unexpected(ParseError::Malformed);
    }
    frame_.ethertype = version == 4 ? kEthertypeIpv4 : kEthertypeIpv6;
    frame_.network = rest_;
    return version == 4 ? Layer::Ipv4 : Layer::Ipv6;
}

Parsed<Layer> Decoder::ipv4() {
    const std::size_t available = sent_length();
    const Bytes header = SPORVAKT_TRY(take(kIpv4HeaderMin));
    const std::size_t header_length = (header[0] & 0x0fU) * std::size_t{4};
    std::size_t total_length = load16(header, 2);
    if (total_length == 0) {
        total_length = available;  // a super-frame that segmentation offload has yet to cut
    }
    if (header[0] >> 4U != 4 || header_length < kIpv4HeaderMin || header_length > total_length) {
        return tl::unexpected(ParseError::Malformed);
    }
    frame_.ethertype = kEthertypeIpv4;
    frame_.has_ip = true;
    frame_.ip_length = static_cast<std::uint32_t>(total_length);
    frame_.hop_limit = header[8];
    frame_.protocol = header[9];
    frame_.source = IpAddress::from_v4(header.subspan<12, 4>());
    frame_.destination = IpAddress::from_v4(header.subspan<16, 4>());
    SPORVAKT_TRY(take(header_length - kIpv4HeaderMin));
    limit_to(total_length - header_length);

    constexpr std::uint16_t kMoreFragments = 0x2000;
    constexpr std::uint16_t kOffsetMask = 0x1fff;
    const std::uint16_t part = load16(header, 6);
    if ((part & (kMoreFragments | kOffsetMask)) != 0) {
        frame_.fragment =
            FragmentPart{load16(header, 4), static_cast<std::uint16_t>((part & kOffsetMask) * 8U),
                         (part & kMoreFragments) != 0};
    }
    return Layer::Upper;
}

Parsed<Layer> Decoder::ipv6() {
    const std::size_t available = sent_length();
    const Bytes header = SPORVAKT_TRY(take(kIpv6Header));
    if (header[0] >> 4U != 6) {
        return tl::unexpected(ParseError::Malformed);
    }
    std::size_t total_length = kIpv6Header + load16(header, 4);
    if (total_length == kIpv6Header) {
        total_length = std::max(available, kIpv6Header);  // a jumbogram, or "BIG TCP"
    }
    frame_.ethertype = kEthertypeIpv6;
    frame_.has_ip = true;
    frame_.ip_length = static_cast<std::uint32_t>(total_length);
    frame_.hop_limit = header[7];
    frame_.source = IpAddress::from_v6(header.subspan<8, 16>());
    frame_.destination = IpAddress::from_v6(header.subspan<24, 16>());
    frame_.protocol = header[6];
    limit_to(total_length - kIpv6Header);
    return extension_headers();
}

/// From the header that frame_.protocol names.
Parsed<Layer> Decoder::extension_headers() {
    constexpr std::uint8_t kFragment = 44;
    constexpr std::uint8_t kAuthentication = 51;
    if (frame_.ethertype != kEthertypeIpv6) {
        return Layer::Upper;
    }
    for (std::size_t count = 0; count < kExtensionHeadersMax; ++count) {
        const std::uint8_t next = frame_.protocol;
        if (next == kFragment) {
            const Bytes header = SPORVAKT_TRY(take(8));
            const std::uint16_t part = load16(header, 2);
            frame_.protocol = header[0];
            const auto offset = static_cast<std::uint16_t>(part & 0xfff8U);
            if (offset == 0 && (part & 1U) == 0) {
                continue;  // an "atomic" fragment is whole (RFC 6946)
            }
            frame_.fragment = FragmentPart{load32(header, 4), offset, (part & 1U) != 0};
            return Layer::Upper;
        }
        if (!is_extension_header(next)) {
            return Layer::Upper;
        }
        const Bytes start = SPORVAKT_TRY(take(8));
        const std::size_t length =  // AH counts in fours, less two (RFC 4302 §2.2)
            next == kAuthentication ? (start[1] + 2U) * 4U : (start[1] + 1U) * 8U;
        SPORVAKT_TRY(take(std::max<std::size_t>(length, 8) - 8));
        frame_.protocol = start[0];
    }
    return tl::unexpected(ParseError::LimitExceeded);
}

Parsed<Layer> Decoder::upper() {
    frame_.payload = rest_;
    frame_.payload_length = static_cast<std::uint32_t>(sent_length());
    if (frame_.fragment) {
        return Layer::Done;
    }
    switch (frame_.protocol) {
        case kProtocolIpv4:
            return enter_tunnel(Layer::Ipv4);
        case kProtocolIpv6:
            return enter_tunnel(Layer::Ipv6);
        case kProtocolGre:
            return gre();
        default:
            break;
    }
    SPORVAKT_TRY(read_transport(frame_, rest_, sent_length()));
    const bool may_be_tunnel = frame_.protocol == kProtocolUdp &&
                               may_encapsulate(frame_.source_port, frame_.destination_port);
    return may_be_tunnel ? udp_tunnel() : Layer::Done;
}

Parsed<Layer> Decoder::udp_tunnel() {
    const auto inside =
        encapsulated_in_udp(frame_.source_port, frame_.destination_port, frame_.payload);
    if (!inside) {
        return Layer::Done;
    }
    const std::size_t inner_length = frame_.payload_length - inside->offset;
    rest_ = frame_.payload.subspan(inside->offset);
    limit_to(inner_length);
    const auto source_mac = frame_.source_mac;
    const auto destination_mac = frame_.destination_mac;
    const Layer layer =
        enter_tunnel(inside->ethertype == kEthertypeBridging ? Layer::Ethernet : Layer::Ethertype);
    frame_.ethertype = inside->ethertype;
    if (inside->ends == TunnelEnds::Devices) {
        frame_.source_mac = source_mac;
        frame_.destination_mac = destination_mac;
    }
    return layer;
}

/// The ends of a tunnel are routers: their MAC addresses say nothing about who talks inside.
Layer Decoder::enter_tunnel(Layer inner) {
    if (frame_.has_ip) {
        outer_ = frame_;
    }
    const Timestamp at = frame_.at;
    frame_ = Frame{};
    frame_.at = at;
    return inner;
}

Parsed<Layer> Decoder::gre() {
    const Bytes header = SPORVAKT_TRY(take(4));
    const unsigned version = header[1] & 7U;
    if (version != 0) {
        return Layer::Done;  // PPTP's variant (RFC 2637)
    }
    std::size_t options = 0;
    for (const unsigned flag : {0x80U, 0x20U, 0x10U}) {  // checksum, key, sequence (RFC 2890 §2)
        options += (header[0] & flag) != 0 ? 4U : 0U;
    }
    SPORVAKT_TRY(take(options));
    const std::uint16_t type = load16(header, 2);
    if (type == kEthertypeBridging) {
        return enter_tunnel(Layer::Ethernet);
    }
    const Layer inner = enter_tunnel(Layer::Ethertype);
    frame_.ethertype = type;
    return inner;
}

Parsed<Layer> Decoder::nflog() {
    const auto logged = SPORVAKT_TRY(parse_nflog(rest_));
    frame_.source_mac = logged.source_mac;
    SPORVAKT_TRY(take(logged.offset));
    limit_to(logged.length);
    return Layer::AnyIp;
}

}  // namespace

Parsed<Frame> decode_frame(const Packet& packet) {
    Parsed<Frame> frame(tl::in_place);
    const auto decoded = Decoder(*frame, packet).decode(packet.link);
    if (!decoded) {
        frame = tl::unexpected(decoded.error());
    }
    return frame;
}

Parsed<Frame> decode_reassembled(const Frame& frame, Bytes payload) {
    Parsed<Frame> whole{frame};
    whole->fragment.reset();
    const auto decoded = Decoder(*whole, payload).decode_upper();
    if (!decoded) {
        whole = tl::unexpected(decoded.error());
    }
    return whole;
}

}  // namespace sporvakt::capture
