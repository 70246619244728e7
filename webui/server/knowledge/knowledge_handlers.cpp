#include "webui/server/knowledge/knowledge_handlers.h"

#include "core/knowledge/company_profile.h"
#include "webui/server/filter_query.h"
#include "webui/server/knowledge/company_json.h"
#include "webui/server/rows.h"

#include <nlohmann/json.hpp>

namespace sporvakt::webui {

using nlohmann::json;

Answered<Response> get_company(const Call& call) {
    const Rows rows(call.parts);
    auto filter = SPORVAKT_TRY(filter_of(call.request.query, rows.policy(), call.parts.clock));
    const auto& catalogues = rows.policy().catalogues();
    const auto& known = call.parts.knowledge;
    const auto company = knowledge::find_company(catalogues, known.aliases, call.id);
    if (!company) {
        return refuse(Problem::NotFound, "No company is known by that name.");
    }
    filter.company = company->id;
    json row = profile_json(knowledge::profile_of(*company, catalogues, known.decisions));
    row["from"] = rfc3339(filter.from);
    row["to"] = rfc3339(filter.to);
    json contacts = json::object();
    add_totals(contacts, SPORVAKT_TRY(from_ledger(call.parts.reports.totals(filter))));
    row["contacts"] = std::move(contacts);
    return Response::json(json_text(row));
}

Answered<Response> get_decisions(const Call& call) {
    json list = json::array();
    for (const knowledge::Decision& decision : call.parts.knowledge.decisions) {
        list.push_back(decision_json(decision));
    }
    return Response::json(json_text({{"decisions", std::move(list)}}));
}

}  // namespace sporvakt::webui
