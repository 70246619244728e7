#pragma once

#include "core/base/clock.h"
#include "core/devices/bypass.h"
#include "core/devices/device_id.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace sporvakt::devices {

/// Something a packet said about a device.  Only what is set is news.
struct DeviceClue {
    Timestamp at;
    DeviceId device;
    std::optional<IpAddress> address;  ///< The device uses it now (ARP, NDP, DHCP, a packet).
    std::string host_name;             ///< DHCP option 12 (RFC 2132 §3.14).
    std::string vendor_class;          ///< DHCP option 60 (RFC 2132 §9.13).
    std::string announced_name;        ///< What it calls itself by mDNS (RFC 6763 §4.1).
    std::string model;    ///< What it says that it is: mDNS's "md=", "model=", SSDP's SERVER.
    std::string service;  ///< One that it offers: "_ipp" by mDNS, "MediaRenderer" by SSDP.
    Bypass bypass = Bypass::None;  ///< It went around the household's resolver, or hid.
    std::string bypass_server;     ///< Where: the server's name, else its address.

    friend bool operator==(const DeviceClue&, const DeviceClue&) = default;
};

/// The texts of a clue.
inline constexpr std::array kClueTexts{&DeviceClue::host_name,      &DeviceClue::vendor_class,
                                       &DeviceClue::announced_name, &DeviceClue::model,
                                       &DeviceClue::service,        &DeviceClue::bypass_server};

/// Everything known about a device, as household.mdb keeps it.
struct Device {
    DeviceId id;
    std::string given_name;      ///< What the household calls it; wins over all others.
    std::string announced_name;  ///< mDNS
    std::string host_name;       ///< DHCP
    std::string vendor_class;    ///< DHCP
    std::string vendor;          ///< Who made it, by the MAC's prefix; empty for made-up MACs.
    std::string model;           ///< mDNS or SSDP
    std::string group;           ///< Devices that share a policy; empty is the default group.
    /// Newest first, at most kAddressCountMax.  A device named by an address has just that one.
    std::vector<IpAddress> addresses;
    std::vector<std::string> services;  ///< mDNS and SSDP; the first kServiceCountMax.
    std::vector<BypassNote> bypasses;   ///< In the order of their kinds, one of each at most.
    Timestamp first_seen;
    Timestamp last_seen;

    static constexpr std::size_t kAddressCountMax = 16;
    static constexpr std::size_t kServiceCountMax = 16;

    /// The best name there is: given, announced, host name, vendor and address, address.
    /// "This computer" for a loopback address; faces that speak Norwegian ask the id themselves.
    [[nodiscard]] std::string display_name() const;

    /// The MAC was made up by the device for its privacy: it names no vendor and may change.
    [[nodiscard]] bool has_randomised_address() const;

    friend bool operator==(const Device&, const Device&) = default;
};

}  // namespace sporvakt::devices
