#pragma once

#include "core/base/domain_name.h"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace sporvakt::dns {

/// Zones by name, each with all that is below it.  Immutable once filled, so any thread may ask.
class ZoneSet {
public:
    void add(const DomainName& zone) { zones_.insert(zone.text()); }

    /// Whether `name`, in DomainName's form, is one of the zones or below one.  Does not allocate.
    [[nodiscard]] bool contains(std::string_view name) const;

    friend bool operator==(const ZoneSet&, const ZoneSet&) = default;

private:
    struct Hash {
        using is_transparent = void;  // NOLINT(readability-identifier-naming): the library's
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };

    std::unordered_set<std::string, Hash, std::equal_to<>> zones_;
};

/// What configuration says of zones.
struct HouseZones {
    /// `[[dns.forward]]`: always asked for, even where names are otherwise answered here.
    ZoneSet forwarded;
    /// Those and `[dns] rebinding_allowed`: may lead to addresses inside.
    ZoneSet may_lead_inside;

    friend bool operator==(const HouseZones&, const HouseZones&) = default;
};

}  // namespace sporvakt::dns
