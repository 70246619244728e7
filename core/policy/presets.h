#pragma once

#include "core/policy/household.h"

#include <string_view>
#include <vector>

namespace sporvakt::policy {

/// A group to begin with.  The household takes it over and changes it as it likes: nothing holds on
/// to where a group came from.
struct Preset {
    Group group;  ///< With its id, and its English name.
    std::string_view name_norwegian;
    std::string_view about_english;  ///< A sentence about whom it is for and what it stops.
    std::string_view about_norwegian;
};

/// In the order in which they are offered: family, children, guests, school-class, kiosk, things,
/// work.  What the lists stop, they stop in all of them.
std::vector<Preset> presets();

}  // namespace sporvakt::policy
