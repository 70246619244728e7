#include "firmware/commands/matrix_report.h"

#include "firmware/commands/csv_field.h"

#include <chrono>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace sporvakt::firmware {
namespace {

constexpr std::string_view kHeading =
    "device_id,device_name,company,company_name,country,prevented,leaked,bytes_up,bytes_down\r\n";

/// The texts of one row; the views live as long as the report.
struct RowNames {
    std::string device_id;
    std::string device_name;
    std::string company;
    std::string_view company_name;
    std::string_view country;
};

RowNames names_of(const MatrixReport& report, const ledger::MatrixCell& cell) {
    RowNames names;
    names.device_id = cell.device.text();
    const devices::Device* const device = report.devices.find(cell.device);
    names.device_name = device != nullptr ? device->display_name() : names.device_id;
    if (cell.company == trackers::CompanyId::None) {
        return names;
    }
    if (const auto company = report.policy.company(cell.company)) {
        names.company = company->slug;
        names.company_name = company->name;
        names.country = company->country;
    } else {  // recorded with a catalogue that is gone: still two companies are not one
        names.company = fmt::format("#{:08x}", static_cast<std::uint32_t>(cell.company));
    }
    return names;
}

}  // namespace

Result<Timestamp> parse_time(std::string_view text, std::string_view option) {
    const bool is_date = text.size() == std::string_view("2026-11-21").size();
    const auto parsed =
        timestamp_from_rfc3339(is_date ? std::string(text) + "T00:00:00Z" : std::string(text));
    if (!parsed) {
        return fail(Errc::InvalidInput,
                    fmt::format("{} '{}' is neither a date like 2026-11-21 nor a time like "
                                "2026-11-21T14:00:00Z",
                                option, text));
    }
    return *parsed;
}

Result<ReportPeriod> parse_period(std::string_view from, std::string_view to, Timestamp now) {
    ReportPeriod period;
    period.to = to.empty() ? now : SPORVAKT_TRY(parse_time(to, "--to"));
    period.from = from.empty() ? period.to - std::chrono::hours(24)
                               : SPORVAKT_TRY(parse_time(from, "--from"));
    if (period.from >= period.to) {
        return fail(Errc::InvalidInput, fmt::format("--from {} is not before --to {}",
                                                    rfc3339(period.from), rfc3339(period.to)));
    }
    return period;
}

std::string csv_of(const MatrixReport& report) {
    std::string text(kHeading);
    for (const ledger::MatrixCell& cell : report.cells) {
        const RowNames names = names_of(report, cell);
        text += fmt::format("{},{},{},{},{},{},{},{},{}\r\n", csv_field(names.device_id),
                            csv_field(names.device_name), csv_field(names.company),
                            csv_field(names.company_name), csv_field(names.country),
                            cell.totals.prevented, cell.totals.leaked, cell.totals.bytes_up,
                            cell.totals.bytes_down);
    }
    return text;
}

std::string json_of(const MatrixReport& report) {
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    for (const ledger::MatrixCell& cell : report.cells) {
        const RowNames names = names_of(report, cell);
        rows.push_back({{"device_id", names.device_id},
                        {"device_name", names.device_name},
                        {"company", names.company},
                        {"company_name", names.company_name},
                        {"country", names.country},
                        {"prevented", cell.totals.prevented},
                        {"leaked", cell.totals.leaked},
                        {"bytes_up", cell.totals.bytes_up},
                        {"bytes_down", cell.totals.bytes_down}});
    }
    const nlohmann::ordered_json whole{{"from", rfc3339(report.period.from)},
                                       {"to", rfc3339(report.period.to)},
                                       {"rows", std::move(rows)}};
    // A stored name that is not UTF-8 must not end the report.
    return whole.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace sporvakt::firmware
