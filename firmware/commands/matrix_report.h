#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/devices/device_table.h"
#include "core/ledger/reports.h"
#include "core/policy/policy.h"

#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::firmware {

/// The time that a report is about: `from` inclusive, `to` exclusive.
struct ReportPeriod {
    Timestamp from;
    Timestamp to;
};

/// From what somebody typed: dates ("2026-11-21", midnight UTC) or times ("2026-11-21T14:00:00Z",
/// RFC 3339).  Empty means now for `to` and a day before the end for `from`.
Result<ReportPeriod> parse_period(std::string_view from, std::string_view to, Timestamp now);

/// One such text; `option` is named when it is wrong.
Result<Timestamp> parse_time(std::string_view text, std::string_view option);

/// The device × company matrix with the names that people know.
struct MatrixReport {
    ReportPeriod period;
    std::vector<ledger::MatrixCell> cells;
    const devices::DeviceTable& devices;
    const policy::Policy& policy;
};

/// RFC 4180 with a heading.  A name that a spreadsheet would take for a formula gets a ' in front:
/// devices choose their own names.
std::string csv_of(const MatrixReport& report);

/// One object: `from`, `to` and `rows`, whose members are named like the columns.
std::string json_of(const MatrixReport& report);

}  // namespace sporvakt::firmware
