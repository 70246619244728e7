#pragma once

#include "core/trackers/list_line.h"

#include <string_view>

namespace sporvakt::trackers {

/// Whether the line is one of dnsmasq's ("local=/x/") or unbound's ("local-zone: "x" static").
bool is_config_line(std::string_view line);
bool is_dnsmasq_line(std::string_view line);
bool is_unbound_line(std::string_view line);

/// Reads such a line, trimmed and not a comment.
void read_config_line(std::string_view line, RuleSink& sink);

}  // namespace sporvakt::trackers
