#pragma once

#include "core/ledger/batch.h"
#include "core/ledger/slot.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace sporvakt::test {

/// 2026-11-21 14:00 UTC: the hour in which most tests happen.
constexpr Timestamp kTestHour{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} +
                              std::chrono::hours(14)};

constexpr Timestamp minute(int minutes) {
    return kTestHour + std::chrono::minutes(minutes);
}

/// A device by the last byte of its MAC address.
inline devices::DeviceId device(std::uint8_t number) {
    return devices::DeviceId(MacAddress({0x3c, 0x22, 0xfb, 0, 0, number}));
}

/// Makes sightings, so that a test shows only what it is about.  Without more it is: at 14:00,
/// device 1 asked once for pixel.example, and that was prevented.
class SightingBuilder {
public:
    SightingBuilder() {
        sighting_.at = kTestHour;
        sighting_.last = kTestHour;
        sighting_.device = device(1);
        sighting_.name = "pixel.example";
        sighting_.company = trackers::CompanyId{7};
        sighting_.purpose = trackers::Purpose::Advertising;
        sighting_.attempts = 1;
        sighting_.rule = "||pixel.example^";
        sighting_.list = "Test list";
    }

    SightingBuilder& at(Timestamp at) {
        sighting_.at = at;
        sighting_.last = at;
        return *this;
    }
    SightingBuilder& until(Timestamp last) {
        sighting_.last = last;
        return *this;
    }
    SightingBuilder& by(std::uint8_t number) {
        sighting_.device = device(number);
        return *this;
    }
    SightingBuilder& name(std::string name) {
        sighting_.name = std::move(name);
        return *this;
    }
    SightingBuilder& company(std::uint32_t number) {
        sighting_.company = trackers::CompanyId{number};
        return *this;
    }
    SightingBuilder& purpose(trackers::Purpose purpose) {
        sighting_.purpose = purpose;
        return *this;
    }
    SightingBuilder& attempts(std::uint32_t attempts) {
        sighting_.attempts = attempts;
        return *this;
    }
    /// A flow that was not stopped.
    SightingBuilder& leaked(std::uint64_t bytes_up, std::uint64_t bytes_down) {
        sighting_.outcome = ledger::Outcome::Leaked;
        sighting_.source = ledger::NameSource::Tls;
        sighting_.cause = ledger::Cause::Reported;
        sighting_.bytes_up = bytes_up;
        sighting_.bytes_down = bytes_down;
        return *this;
    }
    SightingBuilder& source(ledger::NameSource source) {
        sighting_.source = source;
        return *this;
    }
    SightingBuilder& cause(ledger::Cause cause) {
        sighting_.cause = cause;
        return *this;
    }
    SightingBuilder& list(std::string list) {
        sighting_.list = std::move(list);
        return *this;
    }
    SightingBuilder& rule(std::string rule) {
        sighting_.rule = std::move(rule);
        return *this;
    }
    SightingBuilder& detail(std::string detail) {
        sighting_.detail = std::move(detail);
        return *this;
    }

    [[nodiscard]] ledger::Sighting build() const { return sighting_; }

private:
    ledger::Sighting sighting_;
};

/// Batch `number` of sender 1, which still keeps all that went before.
inline ledger::Batch batch(std::uint64_t number, std::vector<ledger::Sighting> sightings) {
    ledger::Batch made;
    made.sender = 1;
    made.number = number;
    made.oldest = 1;
    made.sightings = std::move(sightings);
    return made;
}

}  // namespace sporvakt::test
