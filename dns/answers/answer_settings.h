#pragma once

#include "dns/answers/blocking.h"
#include "dns/answers/special_names.h"
#include "dns/answers/zone_set.h"

#include <cstdint>

namespace sporvakt::dns {

/// The keys by which a browser hides which site it visits (ECH, RFC 9849), as HTTPS records bring
/// them.  We judge by the DNS and need not see them gone; a school or a kiosk may.
enum class EncryptedHello : std::uint8_t { PassedOn, Stripped };

/// What the household decides about answers; docs/configuration.md has the keys.  A value.
struct AnswerSettings {
    CanaryNames canary_names;
    BlockingMode blocking;
    EncryptedHello encrypted_hello = EncryptedHello::PassedOn;
    HouseZones zones;

    friend bool operator==(const AnswerSettings&, const AnswerSettings&) = default;
};

}  // namespace sporvakt::dns
