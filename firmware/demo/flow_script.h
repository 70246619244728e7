#pragma once

#include "firmware/demo/recording.h"
#include "firmware/demo/scenario.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sporvakt::firmware::demo {

/// Both ends of a flow, as its packets name them.
struct FlowEnds {
    std::string device_mac;
    std::string device_address;
    std::string gateway_mac;
    std::string server_address;
    std::uint16_t device_port = 0;
    std::uint16_t server_port = 0;
};

enum class Direction : std::uint8_t { Up, Down };

/// Writes the packets of one flow, each a moment after the last.  Not thread-safe.
class FlowScript {
public:
    /// `packets` outlives the script.
    FlowScript(FlowEnds ends, std::chrono::microseconds at, std::vector<RecordedPacket>& packets);

    /// A UDP datagram.
    void datagram(Direction direction, const std::vector<std::uint8_t>& payload);

    /// The same of so many bytes that nobody reads.
    void sealed_datagrams(Direction direction, std::uint32_t bytes);

    /// SYN, SYN and ACK, ACK (RFC 9293 §3.5).
    void open_tcp();

    /// Payload, in segments; all of it is kept.
    void send(Direction direction, const std::vector<std::uint8_t>& payload);

    /// So many bytes of payload that nobody reads: only headers are kept.
    void send_sealed(Direction direction, std::uint32_t bytes);

    /// FIN from both (RFC 9293 §3.6).
    void close_tcp();

    /// Lets time pass.
    void wait(std::chrono::microseconds time) { at_ += time; }

    [[nodiscard]] std::chrono::microseconds at() const { return at_; }

private:
    void segment(Direction direction, std::uint8_t flags, const std::vector<std::uint8_t>& payload);
    void write(Direction direction, std::uint8_t protocol,
               const std::vector<std::uint8_t>& transport, std::size_t kept);

    FlowEnds ends_;
    std::chrono::microseconds at_;
    std::vector<RecordedPacket>& packets_;
    std::uint32_t sequence_up_ = 1000;
    std::uint32_t sequence_down_ = 9000;
    std::uint16_t ip_id_ = 1;
    std::size_t kept_ = 0;
};

}  // namespace sporvakt::firmware::demo
