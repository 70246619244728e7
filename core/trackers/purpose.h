#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sporvakt::trackers {

/// Why a company runs a domain.  The taxonomy of the product; docs/storage-format.md lists it.
/// Stored and sent: never renumber, only append.
enum class Purpose : std::uint8_t {
    Unknown = 0,
    Advertising = 1,
    DataBroker = 2,
    SessionReplay = 3,
    Fingerprinting = 4,
    Analytics = 5,
    AudienceMeasurement = 6,
    Social = 7,
    EmailMarketing = 8,
    Personalisation = 9,
    CustomerInteraction = 10,
    TagManager = 11,
    Telemetry = 12,
    CrashReporting = 13,
    SmartTv = 14,
    AdultAdvertising = 15,
    Cryptomining = 16,
    FraudPrevention = 17,
    Consent = 18,
    Payment = 19,
    Video = 20,
    Cdn = 21,
    Hosting = 22,
    EmbeddedContent = 23,
    Essential = 24,
    FirstPartyService = 25,
    Other = 26,
    WayAround = 27,
};

constexpr Purpose kLastPurpose = Purpose::WayAround;

/// What happens to a purpose when the household has said nothing.
enum class DefaultTreatment : std::uint8_t {
    Block,   ///< on the built-in list
    Report,  ///< let through, counted as leaked
    Allow,   ///< let through, not counted: it does not observe people
};

struct PurposeInfo {
    Purpose purpose = Purpose::Unknown;
    std::string_view id;               ///< "session-replay": in the API, in lists and reports.
    std::string_view label_english;    ///< "Session replay"
    std::string_view label_norwegian;  ///< "Skjermopptak av besøk"
    DefaultTreatment treatment = DefaultTreatment::Report;
    std::uint8_t severity = 0;  ///< 0 harmless .. 4 severe
};

/// All purposes, in the order of their numbers.
std::span<const PurposeInfo> all_purposes();

const PurposeInfo& purpose_info(Purpose purpose);
std::optional<Purpose> purpose_from_id(std::string_view id);

/// A tracker is a domain whose purpose is to observe people.  What is not a tracker, and is not
/// blocked by a rule, is never stored.
bool is_tracking(Purpose purpose);

}  // namespace sporvakt::trackers
