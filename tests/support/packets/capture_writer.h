#pragma once

#include "core/base/clock.h"
#include "tests/support/packets/packet_builder.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>

namespace sporvakt::test {

/// Writes a pcap file of packets on Ethernet, or another link by libpcap's number.
class CaptureWriter {
public:
    static constexpr std::uint32_t kEthernet = 1;

    explicit CaptureWriter(const std::string& path, std::uint32_t link = kEthernet)
        : file_(path, std::ios::binary) {
        number(0xa1b2c3d4);
        number(0x00040002);  // version 2.4
        number(0);
        number(0);
        number(262'144);
        number(link);
    }

    CaptureWriter& add(const Octets& bytes, Timestamp at = Timestamp{}) {
        const auto milliseconds = at.time_since_epoch().count();
        number(static_cast<std::uint32_t>(milliseconds / 1000));
        number(static_cast<std::uint32_t>(milliseconds % 1000 * 1000));
        number(static_cast<std::uint32_t>(bytes.size()));
        number(static_cast<std::uint32_t>(bytes.size()));
        file_ << as_text(bytes) << std::flush;
        return *this;
    }

private:
    /// In this machine's byte order, which the first number tells readers.
    void number(std::uint32_t value) {
        std::array<char, sizeof value> bytes{};
        std::memcpy(bytes.data(), &value, sizeof value);
        file_.write(bytes.data(), bytes.size());
    }

    std::ofstream file_;
};

}  // namespace sporvakt::test
