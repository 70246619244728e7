#include "webui/server/list_handlers.h"

#include "core/trackers/list_report.h"
#include "webui/server/filter_query.h"
#include "webui/server/rows.h"

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace sporvakt::webui {
namespace {

using nlohmann::json;
using trackers::ListReport;

json skipped_json(const ListReport& report) {
    json rows = json::array();
    for (std::size_t kind = 0; kind < trackers::kSkipKinds; ++kind) {
        const trackers::SkippedLines& skipped = report.skipped.at(kind);
        if (skipped.count > 0) {
            const auto which = trackers::SkipKind{static_cast<std::uint8_t>(kind)};
            rows.push_back({{"kind", trackers::skip_kind_text(which)},
                            {"count", skipped.count},
                            {"line", skipped.example_line},
                            {"example", skipped.example}});
        }
    }
    return rows;
}

/// `all`: those of its catalogue.
json list_json(const ListReport& report, const std::vector<ListReport>& all) {
    json shared = json::array();
    for (const trackers::SharedNames& other : report.shared) {
        shared.push_back({{"list", all.at(other.list).name}, {"names", other.names}});
    }
    return {{"name", report.name},         {"format", trackers::list_format_text(report.format)},
            {"lines", report.lines},       {"rules", report.taken()},
            {"names", report.names},       {"only_here", report.only_here},
            {"shared", std::move(shared)}, {"skipped", skipped_json(report)}};
}

}  // namespace

Answered<Response> get_lists(const Call& call) {
    const Rows rows(call.parts);
    const auto filter =
        SPORVAKT_TRY(filter_of(call.request.query, rows.policy(), call.parts.clock));
    std::map<std::string, std::uint64_t> prevented;
    for (const ledger::ListCell& cell :
         SPORVAKT_TRY(from_ledger(call.parts.reports.lists(filter)))) {
        prevented[cell.list] = cell.totals.prevented;
    }
    json lists = json::array();
    for (const auto& catalogue : rows.policy().catalogues()) {
        const std::vector<ListReport> reports = catalogue->list_reports();
        for (const ListReport& report : reports) {
            json row = list_json(report, reports);
            row["prevented"] = prevented[report.name];
            lists.push_back(std::move(row));
        }
    }
    return Response::json(json_text(
        {{"from", rfc3339(filter.from)}, {"to", rfc3339(filter.to)}, {"lists", std::move(lists)}}));
}

}  // namespace sporvakt::webui
