#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>

namespace sporvakt::devices {

/// Makes the text of vendors.tsv from the IEEE registry as npm's oui-data writes it: one JSON
/// object, prefix digits to the vendor's name and address in lines, of which the first is kept.
/// Prefixes that IEEE keeps private, and keys that are no prefixes, are left out.  For the build.
Result<std::string> vendor_list_from_json(std::string_view json);

}  // namespace sporvakt::devices
