#pragma once

#include "core/base/clock.h"
#include "firmware/demo/scenario.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace sporvakt::firmware::demo {

/// A packet of the capture that is being made.  Of bulk data only the headers are kept, as a
/// capture with a short snap length does; `wire_length` says how long it was.
struct RecordedPacket {
    std::chrono::microseconds at{};  ///< Since the start of the recording.
    std::vector<std::uint8_t> bytes;
    std::uint32_t wire_length = 0;
};

/// When the recording claims to have begun; whoever plays it moves it to now.
constexpr Timestamp kRecordedAt{std::chrono::seconds{1793635200}};  // 2026-11-02T16:00:00Z

/// The packets that one would have seen beside the gateway: the devices' DHCP, ARP and mDNS, then
/// every scene's questions, answers and flows.  The same scenario gives the same packets always.
std::vector<RecordedPacket> record(const Scenario& scenario);

/// The packets as a pcap file (libpcap's classic format, microseconds, Ethernet).
std::string pcap_file(const std::vector<RecordedPacket>& packets);

}  // namespace sporvakt::firmware::demo
