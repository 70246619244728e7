#pragma once

#include "core/base/result.h"

#include <string>
#include <vector>

namespace sporvakt::trackers {

/// An entity of npm's third-party-web: a product, its company where it says so, and its domains
/// ("*.x" or "x").
struct ThirdParty {
    std::string name;
    std::string company;
    std::string homepage;
    std::string category;
    std::vector<std::string> domains;
};

/// Reads dist/entities-nostats.json of the package.
Result<std::vector<ThirdParty>> read_third_parties(const std::string& path);

}  // namespace sporvakt::trackers
