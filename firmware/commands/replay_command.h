#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace sporvakt::firmware {

enum class ReplayTable : std::uint8_t { Flows, Devices };
enum class ReplayFormat : std::uint8_t { Table, JsonLines };

struct ReplayRequest {
    std::vector<std::string> files;
    ReplayTable table = ReplayTable::Flows;
    ReplayFormat format = ReplayFormat::Table;
    std::string catalogue_path;  ///< Without a readable one, no company is named.
    std::string vendors_path;    ///< Without a readable one, no vendor is named.
};

/// Reads captures and prints what they tell: a row a flow, by the time it began, file by file (the
/// flows of one file never go on in the next); or a row a device, from all files.
///
/// A file that is no capture, or is cut short, is an error after the rows that could be read.  The
/// result is the exit code: 0, or 1 after an error.
int replay(const ReplayRequest& request, std::ostream& out, std::ostream& errors);

}  // namespace sporvakt::firmware
