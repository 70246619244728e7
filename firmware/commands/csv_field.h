#pragma once

#include <string>
#include <string_view>

namespace sporvakt::firmware {

/// A field of a CSV line (RFC 4180): in quotation marks where it must be.  What a spreadsheet would
/// take for a formula gets an apostrophe in front: names come from strangers.
std::string csv_field(std::string_view text);

}  // namespace sporvakt::firmware
