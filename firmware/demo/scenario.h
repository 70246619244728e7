#pragma once

#include "core/base/domain_name.h"
#include "core/base/ip_address.h"
#include "core/base/mac_address.h"
#include "core/base/result.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::firmware::demo {

/// A made-up device of the demonstration.
struct ActingDevice {
    std::string name;  ///< How scenes call it, and its DHCP host name.
    MacAddress mac;
    IpAddress address;
    std::string vendor_class;    ///< DHCP option 60; may be empty.
    std::string announced_name;  ///< By mDNS, as an instance of `service`; may be empty.
    std::string service;         ///< "_airplay"; empty without an announced name.
};

/// How a device meets a name.
enum class Happening : std::uint8_t {
    Site,       ///< The website itself, over TLS.
    Prevented,  ///< It asks, and the gateway refuses.
    Tls,        ///< It asks, is answered, and sends a TLS hello.
    Quic,       ///< The same with a QUIC Initial.
    Http,       ///< The same with a plain HTTP request.
    Bypassed,   ///< It sends a TLS hello without having asked the gateway.
};

/// One row of the scenario.
struct Scene {
    std::chrono::seconds at{};
    std::size_t device = 0;  ///< Index into Scenario::devices.
    std::string site;        ///< The website being visited; empty when a device acts by itself.
    DomainName name;         ///< What is met.
    Happening happening = Happening::Site;
    std::uint32_t bytes_up = 0;  ///< Payload, at least; none for Prevented.
    std::uint32_t bytes_down = 0;
};

/// What the demonstration plays, in the order of time.
struct Scenario {
    std::vector<ActingDevice> devices;
    std::vector<Scene> scenes;
};

/// Reads two tables, tab-separated with a header line; lines that begin with '#' are remarks, and
/// "-" is an empty cell.  The error names the line.  For the build.
Result<Scenario> parse_scenario(std::string_view devices, std::string_view scenes);

}  // namespace sporvakt::firmware::demo
