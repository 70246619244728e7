#pragma once

#include "core/trackers/list_line.h"

#include <string_view>

namespace sporvakt::trackers {

/// Whether the line uses a sign of AdBlock or AdGuard DNS syntax: "||x^", "@@x", "/re/",
/// "x$dnstype=A".
bool is_adblock_line(std::string_view line);

/// Reads such a line, trimmed and not a comment or a cosmetic rule.
void read_adblock_line(std::string_view line, RuleSink& sink);

}  // namespace sporvakt::trackers
