#pragma once

#include "tests/support/packets/capture_writer.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sporvakt::test {

/// How much traffic of a home to make up.  The same plan makes the same packets.
struct HousePlan {
    std::uint32_t flows = 20'000;
    std::uint32_t packets = 1'200'000;  ///< Met within a thousandth, if there is room for data.
    std::uint64_t seed = 1;
};

/// A flow that tells its name, and how.
struct NamedFlow {
    std::string transport;  ///< "tls", "quic" or "http"
    std::string client;     ///< Address and port.
    std::string server;
    std::string name;
};

/// Writes the traffic of a home of thirty devices: DNS, TLS hellos in one segment and, as
/// Chromium's, in two with the name behind the cut, QUIC over two Initials, HTTP, games; a few
/// flows carry most of the bytes; IPv4 and some IPv6; packets of many flows mixed.  Returns the
/// flows that must get a name.
std::vector<NamedFlow> write_house(const HousePlan& plan, CaptureWriter& capture);

}  // namespace sporvakt::test
