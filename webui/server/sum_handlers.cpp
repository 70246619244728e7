#include "webui/server/sum_handlers.h"

#include "webui/server/filter_query.h"
#include "webui/server/rows.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include <nlohmann/json.hpp>

namespace sporvakt::webui {
namespace {

using nlohmann::json;

constexpr std::int64_t kPointCountMax = 2000;

void add(ledger::Totals& sum, const ledger::Totals& more) {
    sum.prevented += more.prevented;
    sum.leaked += more.leaked;
    sum.prevented_attempts += more.prevented_attempts;
    sum.leaked_flows += more.leaked_flows;
    sum.bytes_up += more.bytes_up;
    sum.bytes_down += more.bytes_down;
    sum.last = std::max(sum.last, more.last);
}

/// One margin of the matrix: the sums of one device over companies, or the other way round.
template <class Other>
struct Margin {
    ledger::Totals totals;
    std::set<Other> others;
    std::set<Other> others_leaking;

    void add_cell(const Other& other, const ledger::Totals& cell) {
        add(totals, cell);
        others.insert(other);
        if (cell.leaked > 0) {
            others_leaking.insert(other);
        }
    }
};

using DeviceMargin = Margin<trackers::CompanyId>;
using CompanyMargin = Margin<devices::DeviceId>;

std::map<devices::DeviceId, DeviceMargin> by_device(const std::vector<ledger::MatrixCell>& cells) {
    std::map<devices::DeviceId, DeviceMargin> margins;
    for (const auto& cell : cells) {
        margins[cell.device].add_cell(cell.company, cell.totals);
    }
    return margins;
}

std::map<trackers::CompanyId, CompanyMargin> by_company(
    const std::vector<ledger::MatrixCell>& cells) {
    std::map<trackers::CompanyId, CompanyMargin> margins;
    for (const auto& cell : cells) {
        margins[cell.company].add_cell(cell.device, cell.totals);
    }
    return margins;
}

/// How many of them somebody knows.
std::size_t known_count(const std::set<trackers::CompanyId>& companies) {
    return companies.size() - companies.count(trackers::CompanyId::None);
}

/// The keys, most leaked first, then most prevented.
template <class Margins>
auto ranked(const Margins& margins) {
    std::vector<typename Margins::const_iterator> order;
    order.reserve(margins.size());
    for (auto margin = margins.begin(); margin != margins.end(); ++margin) {
        order.push_back(margin);
    }
    std::stable_sort(order.begin(), order.end(), [](const auto& left, const auto& right) {
        const auto& a = left->second.totals;
        const auto& b = right->second.totals;
        return std::tie(a.leaked, a.prevented) > std::tie(b.leaked, b.prevented);
    });
    return order;
}

Answered<ledger::Filter> filter_in(const Call& call, const Rows& rows) {
    return filter_of(call.request.query, rows.policy(), call.parts.clock);
}

json span_of(const ledger::Filter& filter) {
    return {{"from", rfc3339(filter.from)}, {"to", rfc3339(filter.to)}};
}

json catalogue_date(const policy::Policy& policy) {
    std::string_view oldest;
    for (const auto& catalogue : policy.catalogues()) {
        const auto compiled_at = catalogue->compiled_at();
        oldest = oldest.empty() ? compiled_at : std::min(oldest, compiled_at);
    }
    return text_or_null(oldest);
}

std::uint64_t rule_count(const policy::Policy& policy) {
    std::uint64_t count = 0;
    for (const auto& catalogue : policy.catalogues()) {
        count += catalogue->rule_count();
    }
    return count;
}

void add_appliance(json& row, const Call& call, const policy::Policy& policy) {
    const Status status = call.parts.status.status();
    row["protection"] = status.protection == Status::Protection::On ? "on" : "off";
    row["demonstration"] = call.settings.data == DataKind::Demonstration;
    row["catalogue_date"] = catalogue_date(policy);
    row["rules"] = rule_count(policy);
    row["capture_drops"] = status.capture_drops;
    row["sightings_dropped"] = status.sightings_dropped;
    row["version"] = call.settings.version;
}

bool asks_for_some_contacts(const ledger::Filter& filter) {
    return filter.company || filter.purpose || filter.outcome || !filter.name_contains.empty();
}

/// Puts in the devices that have no contacts, where the question is about devices as such.
void add_quiet_devices(std::map<devices::DeviceId, DeviceMargin>& margins,
                       const ledger::Filter& filter, const devices::DeviceTable& table) {
    if (asks_for_some_contacts(filter)) {
        return;
    }
    for (const auto& device : table.devices()) {
        if (!filter.device || *filter.device == device.id) {
            margins.try_emplace(device.id);
        }
    }
}

/// For each company its purposes, most contacts first.
std::map<trackers::CompanyId, json> purposes_by_company(
    const std::vector<ledger::PurposeCell>& cells) {
    std::map<trackers::CompanyId, json> lists;
    for (const auto& cell : cells) {
        json& list = lists.try_emplace(cell.company, json::array()).first->second;
        list.push_back({{"id", trackers::purpose_info(cell.purpose).id},
                        {"leaked", cell.totals.leaked},
                        {"prevented", cell.totals.prevented}});
    }
    return lists;
}

json cell_json(const ledger::MatrixCell& cell, Rows& rows) {
    const json& company = rows.company(cell.company);
    return {{"device", cell.device.text()},
            {"company", company.is_null() ? json() : company.at("slug")},
            {"leaked", cell.totals.leaked},
            {"prevented", cell.totals.prevented},
            {"bytes_up", cell.totals.bytes_up},
            {"bytes_down", cell.totals.bytes_down}};
}

/// Rounded down to a whole step of UTC.
Timestamp step_start(Timestamp at, std::chrono::minutes step) {
    const auto since_epoch = std::chrono::floor<std::chrono::minutes>(at.time_since_epoch());
    return Timestamp(since_epoch / step * step);
}

}  // namespace

Answered<Response> get_summary(const Call& call) {
    const Rows rows(call.parts);
    const auto filter = SPORVAKT_TRY(filter_in(call, rows));
    const auto cells = SPORVAKT_TRY(from_ledger(call.parts.reports.matrix(filter)));
    DeviceMargin all;
    std::set<devices::DeviceId> devices;
    std::set<devices::DeviceId> devices_leaking;
    for (const auto& cell : cells) {
        all.add_cell(cell.company, cell.totals);
        devices.insert(cell.device);
        if (cell.totals.leaked > 0) {
            devices_leaking.insert(cell.device);
        }
    }
    json answer = span_of(filter);
    add_totals(answer, all.totals);
    answer["devices"] = devices.size();
    answer["devices_leaking"] = devices_leaking.size();
    answer["devices_known"] = rows.devices().devices().size();
    answer["companies"] = known_count(all.others);
    answer["companies_reached"] = known_count(all.others_leaking);
    add_appliance(answer, call, rows.policy());
    return Response::json(json_text(answer));
}

Answered<Response> get_devices(const Call& call) {
    const Rows rows(call.parts);
    const auto filter = SPORVAKT_TRY(filter_in(call, rows));
    auto margins = by_device(SPORVAKT_TRY(from_ledger(call.parts.reports.matrix(filter))));
    add_quiet_devices(margins, filter, rows.devices());
    json list = json::array();
    for (const auto& margin : ranked(margins)) {
        json row = rows.device(margin->first);
        add_totals(row, margin->second.totals);
        row["companies"] = known_count(margin->second.others);
        row["companies_reached"] = known_count(margin->second.others_leaking);
        list.push_back(std::move(row));
    }
    json answer = span_of(filter);
    answer["devices"] = std::move(list);
    return Response::json(json_text(answer));
}

Answered<Response> get_companies(const Call& call) {
    Rows rows(call.parts);
    const auto filter = SPORVAKT_TRY(filter_in(call, rows));
    const auto margins = by_company(SPORVAKT_TRY(from_ledger(call.parts.reports.matrix(filter))));
    auto purposes =
        purposes_by_company(SPORVAKT_TRY(from_ledger(call.parts.reports.purposes(filter))));
    json list = json::array();
    for (const auto& margin : ranked(margins)) {
        // None when its contacts were forgotten between the two readings.
        json& list_of_purposes = purposes.try_emplace(margin->first, json::array()).first->second;
        json row{{"company", rows.company(margin->first)},
                 {"purposes", std::move(list_of_purposes)},
                 {"devices", margin->second.others.size()},
                 {"devices_leaking", margin->second.others_leaking.size()}};
        add_totals(row, margin->second.totals);
        list.push_back(std::move(row));
    }
    json answer = span_of(filter);
    answer["companies"] = std::move(list);
    return Response::json(json_text(answer));
}

Answered<Response> get_matrix(const Call& call) {
    Rows rows(call.parts);
    const auto filter = SPORVAKT_TRY(filter_in(call, rows));
    const auto cells = SPORVAKT_TRY(from_ledger(call.parts.reports.matrix(filter)));
    json answer = span_of(filter);
    answer["devices"] = json::array();
    answer["companies"] = json::array();
    answer["cells"] = json::array();
    const auto devices = by_device(cells);
    for (const auto& margin : ranked(devices)) {
        answer["devices"].push_back(rows.device_ref(margin->first));
    }
    const auto companies = by_company(cells);
    for (const auto& margin : ranked(companies)) {
        if (const json& company = rows.company(margin->first); !company.is_null()) {
            answer["companies"].push_back(company);
        }
    }
    for (const auto& cell : cells) {
        answer["cells"].push_back(cell_json(cell, rows));
    }
    return Response::json(json_text(answer));
}

Answered<Response> get_series(const Call& call) {
    const Rows rows(call.parts);
    auto filter = SPORVAKT_TRY(filter_in(call, rows));
    const Step step = SPORVAKT_TRY(step_of(call.request.query));
    filter.from = step_start(filter.from, step.length);
    if ((filter.to - filter.from) / step.length > kPointCountMax) {
        return refuse(Problem::InvalidParameter,
                      "These are more than 2000 points; take a longer step.", "step");
    }
    const auto series = SPORVAKT_TRY(from_ledger(call.parts.reports.series(filter, step.length)));
    json list = json::array();
    for (const auto& point : series.points) {
        list.push_back({{"start", rfc3339(point.start)},
                        {"leaked", point.totals.leaked},
                        {"prevented", point.totals.prevented},
                        {"bytes_up", point.totals.bytes_up},
                        {"bytes_down", point.totals.bytes_down}});
    }
    json answer = span_of(filter);
    answer["step"] = step.text;
    answer["points"] = std::move(list);
    answer["undated"] = {{"leaked", series.undated.leaked},
                         {"prevented", series.undated.prevented},
                         {"bytes_up", series.undated.bytes_up},
                         {"bytes_down", series.undated.bytes_down}};
    return Response::json(json_text(answer));
}

}  // namespace sporvakt::webui
