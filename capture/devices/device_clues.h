#pragma once

#include "capture/devices/neighbour_message.h"
#include "capture/frame.h"
#include "core/base/clock.h"
#include "core/base/ip_address.h"
#include "core/base/mac_address.h"
#include "core/devices/device.h"
#include "core/ledger/sighting_sink.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::capture {

/// Reads from packets what the devices of the house say about themselves: which addresses they use
/// (ARP, NDP, DHCP, the source of any packet), what they are called (DHCP, mDNS), what they are and
/// what they offer (mDNS, SSDP).  Also passes on what flows show of them (note_bypass).
///
/// A device is the Ethernet source; a message that speaks for another MAC is not believed.  Packets
/// that a router forwards say nothing about the router.  The same clue goes out again once a
/// minute, and at most kCluesPerSecondMax a second, whatever the packets say.  Memory is fixed
/// (about 250 kB).  Time comes from the packets.  Not thread-safe.
class DeviceClues {
public:
    static constexpr std::chrono::seconds kRepeatInterval{60};
    static constexpr std::uint32_t kCluesPerSecondMax = 256;

    /// `gateways`: who forwards packets as far as that is known; others are learnt.  `sink`
    /// outlives this object.
    DeviceClues(const std::vector<MacAddress>& gateways, ledger::SightingSink& sink);

    void read(const Frame& frame);

    /// Who has this address forwards packets too.
    void learn_gateway(const MacAddress& mac);

    /// The device was seen at this kind of bypass.
    void note_bypass(Timestamp at, const devices::DeviceId& device, devices::Bypass kind,
                     std::string_view server);

    /// Private, or of a prefix that a router has announced as on the link (RFC 4861 §4.6.2).
    [[nodiscard]] bool is_on_link(const IpAddress& address) const;

    /// Clues that were held back because there were too many.
    [[nodiscard]] std::uint64_t held_back() const { return held_back_; }

private:
    static constexpr std::size_t kAddressSlots = 4096;  // each hash has one slot: the last one wins
    static constexpr std::size_t kNameSlots = 1024;
    static constexpr std::size_t kGatewayCountMax = 64;
    static constexpr std::size_t kPrefixesKeptMax = 16;

    struct AddressSlot {
        IpAddress address;
        MacAddress mac;
        Timestamp noted;
    };
    struct NameSlot {
        std::uint64_t hash = 0;
        Timestamp noted;
    };

    void read_arp(const Frame& frame);
    void read_neighbour_discovery(const Frame& frame);
    void read_udp(const Frame& frame);
    void read_dhcp(const Frame& frame);
    void read_dhcp6(const Frame& frame);
    void read_mdns(const Frame& frame);
    void read_ssdp(const Frame& frame);
    void read_source(const Frame& frame);

    void learn_prefix(const LinkPrefix& prefix);
    [[nodiscard]] bool is_gateway(const MacAddress& mac) const;

    /// Each notes a clue unless the same has just gone out.
    void note_address(Timestamp at, const MacAddress& mac, const IpAddress& address);
    void note_names(devices::DeviceClue clue);
    [[nodiscard]] bool is_repeated(const std::string& said, Timestamp at);
    void note(devices::DeviceClue clue);

    ledger::SightingSink& sink_;
    std::vector<MacAddress> gateways_;
    std::vector<LinkPrefix> prefixes_;
    std::vector<AddressSlot> addresses_;
    std::vector<NameSlot> names_;
    std::chrono::sys_seconds second_;
    std::uint32_t noted_in_second_ = 0;
    std::uint64_t held_back_ = 0;
};

}  // namespace sporvakt::capture
