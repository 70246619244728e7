#include "webui/server/changes/change_handlers.h"

#include "core/base/domain_name.h"
#include "core/base/utf8.h"
#include "webui/server/changes/json_members.h"
#include "webui/server/changes/orders.h"
#include "webui/server/json_body.h"
#include "webui/server/rows.h"

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace sporvakt::webui {
namespace {

using nlohmann::json;

constexpr std::size_t kNameCharactersMax = 64;

Answered<Response> rename(const Call& call, const devices::Device& device) {
    const auto name = SPORVAKT_TRY(only_member(call.request, "name"));
    const auto characters = printable_characters(name);
    if (!characters || *characters > kNameCharactersMax) {
        return refuse(Problem::InvalidBody,
                      "A name has at most 64 characters, all of them visible.", "name");
    }
    SPORVAKT_TRY(submit(call, ledger::RenameDevice{device.id, name}));
    devices::Device renamed = device;
    renamed.given_name = name;
    return Response::json(json_text({{"id", device.id.text()}, {"name", renamed.display_name()}}));
}

/// Empty is everybody's.
Answered<void> check_group(const Call& call, const std::string& group) {
    if (!group.empty() && call.parts.policy.get()->group(group) == nullptr) {
        return refuse(Problem::InvalidBody, "There is no such group.", "group");
    }
    return {};
}

/// Empty: wherever its name or its address puts it.
Answered<Response> put_in_group(const Call& call, const devices::Device& device) {
    const auto group = SPORVAKT_TRY(only_member(call.request, "group"));
    SPORVAKT_TRY(check_group(call, group));
    SPORVAKT_TRY(submit(call, ledger::PutDeviceInGroup{device.id, group}));
    return Response::json(json_text({{"id", device.id.text()}, {"name", device.display_name()}}));
}

Answered<DomainName> rule_name(const Call& call) {
    const auto name = DomainName::from_text(call.id);
    if (!name) {
        return refuse(Problem::InvalidParameter, "That is not a domain name.", "name");
    }
    return *name;
}

struct WantedRule {
    policy::HouseholdRule action = policy::HouseholdRule::Block;
    std::string group;
    std::optional<Timestamp> until;
};

Answered<WantedRule> wanted_rule(const json& body, Timestamp now) {
    constexpr std::int64_t kMinutesMax = std::int64_t{366} * 24 * 60;
    constexpr Words<policy::HouseholdRule, 2> kActions{
        {{"allow", policy::HouseholdRule::Allow}, {"block", policy::HouseholdRule::Block}}};
    const auto members = SPORVAKT_TRY(JsonMembers::of(body, {"rule", "group", "minutes"}));
    WantedRule wanted;
    wanted.action = SPORVAKT_TRY(members.word("rule", kActions));
    if (members.has("group")) {
        wanted.group = SPORVAKT_TRY(members.text("group"));
    }
    if (members.has("minutes")) {
        wanted.until =
            now + std::chrono::minutes(SPORVAKT_TRY(members.number("minutes", 1, kMinutesMax)));
    }
    return wanted;
}

}  // namespace

Answered<Response> patch_device(const Call& call) {
    const nlohmann::json body = SPORVAKT_TRY(object_body(call.request));
    const auto id = devices::DeviceId::from_text(call.id);
    const auto devices = call.parts.devices.get();
    const auto* const known = id ? devices->find(*id) : nullptr;
    if (known == nullptr) {
        return refuse(Problem::UnknownDevice, "This appliance has not seen such a device.");
    }
    if (body.contains("group")) {
        return put_in_group(call, *known);
    }
    return rename(call, *known);
}

Answered<Response> put_rule(const Call& call) {
    const json body = SPORVAKT_TRY(object_body(call.request));
    const auto wanted = SPORVAKT_TRY(wanted_rule(body, call.parts.clock.now()));
    const auto name = SPORVAKT_TRY(rule_name(call));
    SPORVAKT_TRY(check_group(call, wanted.group));
    SPORVAKT_TRY(change_policy(
        call, {policy::SetRule{
                  wanted.group,
                  {name.text(), wanted.action, policy::RuleForm::WithSubdomains, wanted.until}}}));
    return Response::json(
        json_text({{"name", name.text()},
                   {"rule", body.at("rule")},
                   {"group", text_or_null(wanted.group)},
                   {"until", wanted.until ? json(rfc3339(*wanted.until)) : json()}}));
}

Answered<Response> delete_rule(const Call& call) {
    const auto name = SPORVAKT_TRY(rule_name(call));
    const std::string group(call.request.query.find("group").value_or(""));
    SPORVAKT_TRY(change_policy(
        call, {policy::RemoveRule{group, policy::RuleForm::WithSubdomains, name.text()}}));
    return Response::no_content();
}

}  // namespace sporvakt::webui
