#include "dns/answers/zone_set.h"

namespace sporvakt::dns {

bool ZoneSet::contains(std::string_view name) const {
    if (zones_.empty()) {
        return false;
    }
    for (std::string_view suffix = name; !suffix.empty(); suffix = parent_suffix(suffix)) {
        if (zones_.contains(suffix)) {
            return true;
        }
    }
    return false;
}

}  // namespace sporvakt::dns
