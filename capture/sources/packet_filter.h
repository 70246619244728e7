#pragma once

#include "core/base/byte_reader.h"
#include "core/base/mac_address.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace sporvakt::capture {

/// What is wanted of the packets.
enum class Wanted : std::uint8_t {
    /// Every packet, so that bytes are counted; only the headers of what a server sends.
    Bytes,
    /// Only what tells a name or of a device, and that it was answered: amounts are far too low.
    Handshakes,
};

/// Which packets of an Ethernet card the kernel hands up, and how much of each: a classic BPF
/// program, which looks at one packet at a time and knows nothing of flows.
///
/// A hello may span segments and begin anywhere in a connection, so all that a client sends is
/// taken whole.  Cut to kHeadBytes is only what comes from outside, from port 443 or 80 to a high
/// port, and QUIC's packets behind the handshake.  From outside: from a public IPv4 address to a
/// private one, or, with IPv6, from the card's own MAC address, where it is the gateway's.  In
/// doubt (fragments, extension headers, tags that the kernel left in, tunnels) a packet is whole.
class PacketFilter {
public:
    /// Of a packet that is cut: all headers, and of UDP as much as tells a VPN by its first bytes.
    static constexpr std::uint32_t kHeadBytes = 256;
    /// Of all others: GRO hands up 64 kB and Ethernet's header.
    static constexpr std::uint32_t kWholeBytes = 262'144;

    /// As struct bpf_insn of libpcap, and sock_filter of Linux.
    struct Instruction {
        std::uint16_t code = 0;
        std::uint8_t if_true = 0;
        std::uint8_t if_false = 0;
        std::uint32_t operand = 0;
    };

    /// `gateway`: the card's own address, when the house's packets are forwarded through it.
    PacketFilter(Wanted wanted, std::optional<MacAddress> gateway);

    [[nodiscard]] const std::vector<Instruction>& program() const { return program_; }

    /// How many bytes of a packet the kernel would hand up; 0: none of it.
    [[nodiscard]] std::size_t taken_of(Bytes packet) const;

private:
    std::vector<Instruction> program_;
};

}  // namespace sporvakt::capture
