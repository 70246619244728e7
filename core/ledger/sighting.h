#pragma once

#include "core/base/clock.h"
#include "core/devices/device_id.h"
#include "core/trackers/company.h"
#include "core/trackers/purpose.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace sporvakt::ledger {

/// What became of a contact.  Stored: never renumber.
enum class Outcome : std::uint8_t {
    Prevented = 0,  ///< Stopped before any payload left: blocked in DNS, or the flow was cut.
    Leaked = 1,     ///< Bytes went to the tracker.
};

/// What told us the name.  Stored: never renumber.
enum class NameSource : std::uint8_t {
    Query = 0,     ///< The device asked our resolver for it.
    Tls = 1,       ///< Server name of a TLS ClientHello.
    Quic = 2,      ///< The same inside a QUIC Initial.
    Http = 3,      ///< Host of a plain HTTP request.
    Inferred = 4,  ///< The name this device last resolved to that address: shown as a guess.
};

/// Why it went as it did, for the plain sentence on the page.  Stored: never renumber.
enum class Cause : std::uint8_t {
    List = 0,          ///< A list blocks it (Prevented).
    Household = 1,     ///< The owner's rule blocks it (Prevented).
    Cloaked = 2,       ///< The answer led to a blocked name (Prevented); `detail` names that.
    Reported = 3,      ///< The policy only reports this purpose (Leaked).
    AllowedByYou = 4,  ///< The owner's rule or pause let it through (Leaked).
    Bypassed = 5,      ///< The policy blocks it, but the device did not ask us (Leaked).
};

/// The one event of the product: a device met a tracker.  A value; safe to pass between threads.
///
/// `Text` is std::string where it is kept, std::string_view on its way there.
template <class Text>
struct BasicSighting {
    Timestamp at;    ///< First of what is added up here.
    Timestamp last;  ///< Last of it; equal to `at` for a single event.
    devices::DeviceId device;
    Text name;  ///< The tracker's name, in DomainName's form.
    trackers::CompanyId company = trackers::CompanyId::None;
    trackers::Purpose purpose = trackers::Purpose::Unknown;
    Outcome outcome = Outcome::Prevented;
    NameSource source = NameSource::Query;
    Cause cause = Cause::List;
    /// Queries (Prevented) or flows begun (Leaked); 0: only more bytes.
    std::uint32_t attempts = 0;
    std::uint64_t bytes_up = 0;  ///< IP bytes from the device since the last sighting of the flow.
    std::uint64_t bytes_down = 0;  ///< IP bytes to the device.
    Text rule;                     ///< The deciding rule, as the list writes it; may be empty.
    Text list;
    Text detail;   ///< The name behind a cloaked answer; else empty.
    Text context;  ///< The website being visited, when known; empty until visits come.

    template <class Other>
    [[nodiscard]] BasicSighting<Other> with_texts_as() const {
        return {at,          last,        device,        Other(name),   company,  purpose,
                outcome,     source,      cause,         attempts,      bytes_up, bytes_down,
                Other(rule), Other(list), Other(detail), Other(context)};
    }

    // NOLINTNEXTLINE(google-explicit-constructor): as std::string is a std::string_view.
    operator BasicSighting<std::string_view>() const requires std::is_same_v<Text, std::string> {
        return with_texts_as<std::string_view>();
    }

    friend bool operator==(const BasicSighting&, const BasicSighting&) = default;
};

using Sighting = BasicSighting<std::string>;

/// Its texts are others', who keep them for as long as it is looked at: one is made for every
/// blocked query, and nearly all of them are only added to one that is kept already.
using SightingView = BasicSighting<std::string_view>;

}  // namespace sporvakt::ledger
