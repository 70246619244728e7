#pragma once

#include "capture/packet.h"
#include "core/base/result.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace sporvakt::capture {

/// What became of a wait for the next packet.
enum class Arrival : std::uint8_t {
    Packet,  ///< There is one.
    None,    ///< Nothing yet: ask again.  Live sources return so at least every 100 ms.
    End,     ///< There will be no more.
};

struct Delivery {
    Arrival arrival = Arrival::None;
    Packet packet;  ///< Its bytes are valid until the next call of next().
    /// How far the machine's clock, which tells the packet's time, was set since the one before.
    std::chrono::milliseconds clock_set_by{0};
};

/// What a live capture has to admit.
struct CaptureLoss {
    std::uint64_t received = 0;
    std::uint64_t dropped = 0;  ///< By the kernel, for want of room in the ring.
};

/// Where packets come from: a file, an interface, a test.  Not thread-safe.
class PacketSource {
public:
    PacketSource() = default;
    PacketSource(const PacketSource&) = delete;
    PacketSource& operator=(const PacketSource&) = delete;
    PacketSource(PacketSource&&) = delete;
    PacketSource& operator=(PacketSource&&) = delete;
    virtual ~PacketSource() = default;

    /// An error is final: the file is cut short, the interface is gone.
    virtual Result<Delivery> next() = 0;

    [[nodiscard]] virtual CaptureLoss loss() const { return {}; }
};

/// Opens a pcap or pcapng file.  Packets of a link type that we cannot read are delivered too, as
/// LinkType::Unknown.  Error: not there, or not a capture.
Result<std::unique_ptr<PacketSource>> open_capture_file(const std::string& path);

/// The link type behind libpcap's number (DLT_...).
LinkType link_type_of(int dlt);

}  // namespace sporvakt::capture
