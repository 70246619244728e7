#include "webui/server/knowledge/company_json.h"

#include "webui/server/rows.h"

#include <span>
#include <vector>

#include <nlohmann/json.hpp>

namespace sporvakt::webui {
namespace {

using nlohmann::json;

json amount_json(const knowledge::Amount& amount) {
    return {{"value", amount.value},
            {"currency", amount.currency},
            {"each_day", amount.runs == knowledge::Amount::Runs::EachDay}};
}

json company_json(const trackers::Company& company) {
    return {
        {"slug", company.slug}, {"name", company.name}, {"country", text_or_null(company.country)}};
}

json companies_json(const std::vector<trackers::Company>& companies) {
    json list = json::array();
    for (const trackers::Company& company : companies) {
        list.push_back(company_json(company));
    }
    return list;
}

}  // namespace

json decision_json(const knowledge::Decision& decision) {
    return {{"date", decision.date},
            {"authority", decision.authority},
            {"country", decision.country},
            {"company", text_or_null(decision.company)},
            {"party", decision.party},
            {"trackers", decision.trackers},
            {"case", text_or_null(decision.case_number)},
            {"outcome", decision.outcome},
            {"amount", decision.amount ? amount_json(*decision.amount) : json()},
            {"status", knowledge::status_text(decision.status)},
            {"status_date", text_or_null(decision.status_date)},
            {"sources", decision.sources}};
}

json profile_json(const knowledge::CompanyProfile& profile) {
    json row = company_json(profile.company);
    row["website"] = text_or_null(profile.company.website);
    row["owners"] = companies_json(profile.owners);
    row["owned"] = companies_json(profile.owned);
    row["purposes"] = json::array();
    for (const auto& [purpose, domains] : profile.domains) {
        row["purposes"].push_back(
            {{"id", trackers::purpose_info(purpose).id}, {"domains", domains}});
    }
    row["disguises"] = profile.disguises;
    row["decisions"] = json::array();
    for (const knowledge::Decision* decision : profile.decisions) {
        row["decisions"].push_back(decision_json(*decision));
    }
    return row;
}

}  // namespace sporvakt::webui
