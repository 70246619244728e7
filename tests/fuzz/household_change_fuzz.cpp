#include "core/policy/household_change.h"

#include "core/policy/household_codec.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace sporvakt::policy;

/// What the store would look at before it keeps it; whatever it says, it comes back.
void look_at(const HouseholdChange& change) {
    if (const auto* const rule = std::get_if<SetRule>(&change)) {
        static_cast<void>(check(rule->rule));
    } else if (const auto* const group = std::get_if<SetGroup>(&change)) {
        static_cast<void>(check(group->group));
    } else if (const auto* const pause = std::get_if<SetPause>(&change)) {
        static_cast<void>(check(pause->pause));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto changes = parse_changes({data, size});
    if (!changes) {
        return 0;
    }
    // A purpose that stands twice comes once, so the changes are compared, not the bytes.
    const auto again = parse_changes(encode(*changes));
    if (!again || *again != *changes) {
        std::abort();
    }
    for (const HouseholdChange& change : *changes) {
        look_at(change);
    }
    return 0;
}
