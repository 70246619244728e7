#include "core/trackers/purpose.h"

#include "core/base/assert.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace sporvakt::trackers {
namespace {

constexpr auto kBlock = DefaultTreatment::Block;
constexpr auto kReport = DefaultTreatment::Report;
constexpr auto kAllow = DefaultTreatment::Allow;

// In the order of the enum: purpose_info() indexes by number.
constexpr std::array<PurposeInfo, static_cast<std::size_t>(kLastPurpose) + 1> kPurposes{{
    {Purpose::Unknown, "unknown", "Unknown", "Ukjent", kReport, 1},
    {Purpose::Advertising, "advertising", "Advertising", "Reklame", kBlock, 3},
    {Purpose::DataBroker, "data-broker", "Data brokers and identity", "Datameglere og ID-kobling",
     kBlock, 4},
    {Purpose::SessionReplay, "session-replay", "Session replay", "Skjermopptak av besøk", kBlock,
     4},
    {Purpose::Fingerprinting, "fingerprinting", "Fingerprinting", "Fingeravtrykk av enheten",
     kBlock, 4},
    {Purpose::Analytics, "analytics", "Analytics", "Nettstatistikk", kBlock, 2},
    {Purpose::AudienceMeasurement, "audience-measurement", "Audience measurement",
     "Publikumsmåling", kBlock, 2},
    {Purpose::Social, "social", "Social media", "Sosiale medier", kReport, 2},
    {Purpose::EmailMarketing, "email-marketing", "E-mail and marketing automation",
     "E-postmarkedsføring", kReport, 2},
    {Purpose::Personalisation, "personalisation", "Personalisation and A/B tests",
     "Tilpasning og A/B-test", kReport, 1},
    {Purpose::CustomerInteraction, "customer-interaction", "Chat and support",
     "Chat og kundestøtte", kReport, 1},
    {Purpose::TagManager, "tag-manager", "Tag manager", "Skriptstyring (tag manager)", kReport, 1},
    {Purpose::Telemetry, "telemetry", "Device and app telemetry", "Enhets- og apptelemetri",
     kReport, 2},
    {Purpose::CrashReporting, "crash-reporting", "Crash reports", "Krasjrapporter", kReport, 1},
    {Purpose::SmartTv, "smart-tv", "Smart-TV tracking", "Smart-TV-sporing", kBlock, 3},
    {Purpose::AdultAdvertising, "adult-advertising", "Adult advertising", "Reklame for voksne",
     kBlock, 3},
    {Purpose::Cryptomining, "cryptomining", "Cryptomining", "Kryptoutvinning", kBlock, 4},
    {Purpose::FraudPrevention, "fraud-prevention", "Fraud and bot protection",
     "Svindel- og robotvern", kAllow, 1},
    {Purpose::Consent, "consent", "Consent banners", "Samtykkebannere", kAllow, 0},
    {Purpose::Payment, "payment", "Payment", "Betaling", kAllow, 0},
    {Purpose::Video, "video", "Audio and video", "Lyd og video", kAllow, 1},
    {Purpose::Cdn, "cdn", "Content delivery", "Innholdsleveranse (CDN)", kAllow, 0},
    {Purpose::Hosting, "hosting", "Hosting", "Drift av nettsteder", kAllow, 0},
    {Purpose::EmbeddedContent, "embedded-content", "Embedded content", "Innebygd innhold", kAllow,
     1},
    {Purpose::Essential, "essential", "Essential service", "Nødvendig tjeneste", kAllow, 0},
    {Purpose::FirstPartyService, "first-party-service", "The service itself", "Selve tjenesten",
     kAllow, 0},
    {Purpose::Other, "other", "Other", "Annet", kReport, 1},
    {Purpose::WayAround, "way-around", "Ways around the filter", "Veier utenom filteret", kAllow,
     1},
}};

constexpr bool is_in_order() {
    for (std::size_t i = 0; i < kPurposes.size(); ++i) {
        if (static_cast<std::size_t>(kPurposes[i].purpose) != i) {
            return false;
        }
    }
    return true;
}
static_assert(is_in_order());

}  // namespace

std::span<const PurposeInfo> all_purposes() {
    return kPurposes;
}

const PurposeInfo& purpose_info(Purpose purpose) {
    const auto number = static_cast<std::size_t>(purpose);
    SPORVAKT_ASSERT(number < kPurposes.size());
    return kPurposes[number];
}

std::optional<Purpose> purpose_from_id(std::string_view id) {
    const auto* const found = std::find_if(kPurposes.begin(), kPurposes.end(),
                                           [id](const PurposeInfo& p) { return p.id == id; });
    if (found == kPurposes.end()) {
        return std::nullopt;
    }
    return found->purpose;
}

bool is_tracking(Purpose purpose) {
    // Unknown is also the purpose of every ordinary website: it must never make one a tracker.
    return purpose != Purpose::Unknown &&
           purpose_info(purpose).treatment != DefaultTreatment::Allow;
}

}  // namespace sporvakt::trackers
