#pragma once

#include "core/base/result.h"
#include "core/trackers/catalogue.h"

#include <memory>
#include <string>
#include <vector>

namespace sporvakt::firmware {

/// Compiles lists into a file of their own in the folder for temporary files, opens it and removes
/// its name: it goes with the catalogue.
Result<std::shared_ptr<const trackers::Catalogue>> temporary_catalogue(
    const std::vector<std::string>& lists);

}  // namespace sporvakt::firmware
