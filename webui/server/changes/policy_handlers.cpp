#include "webui/server/changes/policy_handlers.h"

#include "core/base/domain_name.h"
#include "core/policy/explanation.h"
#include "core/policy/household_change.h"
#include "core/policy/household_check.h"
#include "core/policy/household_codec.h"
#include "core/policy/household_difference.h"
#include "webui/server/changes/orders.h"
#include "webui/server/changes/policy_file.h"
#include "webui/server/changes/policy_json.h"
#include "webui/server/json_body.h"
#include "webui/server/rows.h"

#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace sporvakt::webui {
namespace {

using nlohmann::json;

/// What the owner wrote makes no sense.
template <class Item>
Answered<void> checked(const Item& item) {
    if (const auto sound = policy::check(item); !sound) {
        return refuse(Problem::InvalidBody, sound.error().message);
    }
    return {};
}

/// The group with its rules in place of what stood there; who is unknown lands where before.
std::vector<policy::HouseholdChange> replacing(const policy::Group& group,
                                               const policy::HouseholdRules& household) {
    std::vector<policy::HouseholdChange> changes{policy::RemoveGroup{group.id},
                                                 policy::SetGroup{group}};
    for (const policy::OwnRule& rule : group.rules) {
        changes.emplace_back(policy::SetRule{group.id, rule});
    }
    if (household.unknown_group == group.id) {
        changes.emplace_back(policy::SetUnknownGroup{group.id});
    }
    return changes;
}

Answered<devices::DeviceId> device_of(const Query& query) {
    const auto written = query.find("device");
    if (!written) {
        return devices::DeviceId();
    }
    const auto device = devices::DeviceId::from_text(*written);
    if (!device) {
        return refuse(Problem::InvalidParameter, "That is not the id of a device.", "device");
    }
    return *device;
}

constexpr std::string_view kToml = "application/toml";

Answered<policy::HouseholdRules> household_of(const Request& request) {
    if (request.content_type == kToml) {
        SPORVAKT_TRY(check_arrival(request));
        return household_from_file(request.body);
    }
    const json body = SPORVAKT_TRY(object_body(request));
    for (const char* const member : {"rules", "groups"}) {
        if (!body.contains(member)) {  // a slip must not take everything back
            return refuse(Problem::InvalidBody, "Must be there; an empty list takes all back.",
                          member);
        }
    }
    auto household = SPORVAKT_TRY(policy_from_json(body));
    SPORVAKT_TRY(checked(household));
    return household;
}

/// One of two words; `absent` where the parameter is left out.
Answered<std::string> choice_of(const Query& query, std::string_view name, std::string_view absent,
                                std::string_view other) {
    const std::string_view chosen = query.find(name).value_or(absent);
    if (chosen != absent && chosen != other) {
        return refuse(Problem::InvalidParameter,
                      std::string(absent) + " or " + std::string(other) + " belongs here.",
                      std::string(name));
    }
    return std::string(chosen);
}

json differences_json(const std::vector<policy::Difference>& differences) {
    json list = json::array();
    for (const policy::Difference& one : differences) {
        list.push_back({{"kind", policy::kind_text(one.kind)},
                        {"group", text_or_null(one.group)},
                        {"subject", one.subject},
                        {"what", one.what},
                        {"before", text_or_null(one.before)},
                        {"after", text_or_null(one.after)}});
    }
    return list;
}

/// Every list that speaks of a name, a row for each of its rules.
json lists_json(const std::vector<trackers::RuleVoice>& voices) {
    json rows = json::array();
    for (const trackers::RuleVoice& voice : voices) {
        const bool blocks = voice.match.action == trackers::RuleAction::Block;
        for (const std::string_view list : voice.lists) {
            rows.push_back(
                {{"list", list}, {"rule", voice.match.rule}, {"says", blocks ? "block" : "allow"}});
        }
    }
    return rows;
}

}  // namespace

Answered<Response> get_policy(const Call& call) {
    const std::string format =
        SPORVAKT_TRY(choice_of(call.request.query, "format", "json", "toml"));
    const auto policy = call.parts.policy.get();
    if (format == "toml") {
        return Response{
            .content_type = std::string(kToml),
            .body = policy_file(policy->household()),
            .headers = {{"Content-Disposition", "attachment; filename=\"sporvakt-policy.toml\""}}};
    }
    return Response::json(json_text(policy_json(policy->household())));
}

Answered<Response> put_policy(const Call& call) {
    const bool is_dry =
        SPORVAKT_TRY(choice_of(call.request.query, "dry_run", "false", "true")) == "true";
    auto household = SPORVAKT_TRY(household_of(call.request));
    const auto policy = call.parts.policy.get();
    if (household.pauses.empty()) {
        household.pauses = policy->household().pauses;
    }
    const auto differences = policy::differences(policy->household(), household);
    if (!is_dry) {
        SPORVAKT_TRY(change_policy(call, policy::replacing_by(household)));
    }
    return Response::json(
        json_text({{"is_made", !is_dry}, {"differences", differences_json(differences)}}));
}

Answered<Response> put_group(const Call& call) {
    const json body = SPORVAKT_TRY(object_body(call.request));
    const auto group = SPORVAKT_TRY(group_from_json(std::string(call.id), body));
    SPORVAKT_TRY(checked(group));
    const auto policy = call.parts.policy.get();
    SPORVAKT_TRY(change_policy(call, replacing(group, policy->household())));
    return Response::json(json_text(group_json(group)));
}

Answered<Response> delete_group(const Call& call) {
    SPORVAKT_TRY(change_policy(call, {policy::RemoveGroup{std::string(call.id)}}));
    return Response::no_content();
}

Answered<Response> post_pause(const Call& call) {
    const json body = SPORVAKT_TRY(object_body(call.request));
    const auto pause = SPORVAKT_TRY(pause_from_json(body, call.parts.clock.now()));
    SPORVAKT_TRY(checked(pause));
    SPORVAKT_TRY(change_policy(call, {policy::SetPause{pause}}));
    return Response::json(json_text(pause_json(pause)));
}

Answered<Response> delete_pause(const Call& call) {
    const auto scope = SPORVAKT_TRY(pause_scope_from_text(call.id));
    const std::string what(call.request.query.find("what").value_or(""));
    SPORVAKT_TRY(change_policy(call, {policy::EndPause{scope, what}}));
    return Response::no_content();
}

Answered<Response> get_lookup(const Call& call) {
    const auto name = DomainName::from_text(call.id);
    if (!name) {
        return refuse(Problem::InvalidParameter, "That is not a domain name.", "name");
    }
    const auto type = record_type_from_text(call.request.query.find("type").value_or("A"));
    if (!type) {
        return refuse(Problem::InvalidParameter, "That is not a record type.", "type");
    }
    const auto device = SPORVAKT_TRY(device_of(call.request.query));
    Rows rows(call.parts);
    const policy::Policy& policy = rows.policy();
    const policy::Question question{device, name->text(), *type};
    const policy::Verdict verdict = policy.judge(question);
    const policy::Explanation words = policy::explain(verdict, question, policy);
    return Response::json(
        json_text({{"name", name->text()},
                   {"type", record_type_text(*type)},
                   {"verdict", verdict.is_blocked() ? "block" : "allow"},
                   {"reason", policy::reason_id(verdict.reason)},
                   {"group", text_or_null(verdict.group)},
                   {"rule", text_or_null(verdict.rule)},
                   {"list", text_or_null(verdict.list)},
                   {"lists", lists_json(policy.list_rules_about(question))},
                   {"company", rows.company(verdict.company)},
                   {"purpose", text_or_null(verdict.purpose == trackers::Purpose::Unknown
                                                ? std::string_view()
                                                : trackers::purpose_info(verdict.purpose).id)},
                   {"evasion", text_or_null(trackers::evasion_id(verdict.evasion))},
                   {"because", words.because},
                   {"to_change", text_or_null(words.to_change)}}));
}

}  // namespace sporvakt::webui
