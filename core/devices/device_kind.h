#pragma once

#include "core/devices/device.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace sporvakt::devices {

/// What sort of thing a device is, as people would say.
enum class DeviceKind : std::uint8_t {
    Unknown,
    Phone,
    Tablet,
    Computer,
    Television,  ///< Or a box or stick that makes one of a screen.
    Speaker,
    Watch,
    Console,  ///< For games.
    Printer,
    Camera,
    Storage,    ///< A disk on the network.
    Router,     ///< Or an access point or switch.
    Appliance,  ///< Lamps, plugs, sensors, vacuum cleaners.
};

/// What a guess stands on, strongest first.
enum class KindEvidence : std::uint8_t {
    None,
    Model,        ///< What it says that it is.
    Service,      ///< What it offers to others.
    Name,         ///< What it calls itself, or people called it there.
    VendorClass,  ///< What its DHCP client calls itself: "android" is in televisions too.
    Vendor,       ///< Who made its network card.
};

/// A guess and its reason: `words` is what the device said.
struct KindGuess {
    DeviceKind kind = DeviceKind::Unknown;
    KindEvidence evidence = KindEvidence::None;
    std::string words;

    friend bool operator==(const KindGuess&, const KindGuess&) = default;
};

/// Guesses from what the device said of itself; the strongest evidence alone decides.  Everything
/// in it is a stranger's claim: good for an icon and a word, not for a rule.
KindGuess guess_kind(const Device& device);

/// "phone", "television": in the API.  "unknown" when there is no guess.
std::string_view kind_text(DeviceKind kind);

/// "model", "service": in the API.  "none" when there is no guess.
std::string_view evidence_text(KindEvidence evidence);

}  // namespace sporvakt::devices
