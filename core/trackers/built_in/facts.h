#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <string>
#include <vector>

namespace sporvakt::trackers {

/// One row of a table of facts (core/trackers/facts/*.txt): '|' between the fields, blanks around
/// them do not count; empty lines and those that begin with '#' say nothing.
struct FactRow {
    std::vector<std::string> fields;
    std::size_t line = 0;
};

/// Fails, and names the line, when a row has another number of fields.
Result<std::vector<FactRow>> read_facts(const std::string& path, std::size_t fields);

}  // namespace sporvakt::trackers
