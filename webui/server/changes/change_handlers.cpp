#include "webui/server/changes/change_handlers.h"

#include "core/base/domain_name.h"
#include "core/base/utf8.h"
#include "webui/server/changes/orders.h"
#include "webui/server/json_body.h"
#include "webui/server/rows.h"

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

/// Empty: wherever its name or its address puts it.
Answered<Response> put_in_group(const Call& call, const devices::Device& device) {
    const auto group = SPORVAKT_TRY(only_member(call.request, "group"));
    if (!group.empty() && call.parts.policy.get()->group(group) == nullptr) {
        return refuse(Problem::InvalidBody, "There is no such group.", "group");
    }
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
    const auto word = SPORVAKT_TRY(only_member(call.request, "rule"));
    if (word != "allow" && word != "block") {
        return refuse(Problem::InvalidBody, "The rule must be allow or block.", "rule");
    }
    const auto name = SPORVAKT_TRY(rule_name(call));
    const auto action =
        word == "allow" ? policy::HouseholdRule::Allow : policy::HouseholdRule::Block;
    SPORVAKT_TRY(change_policy(call, {policy::SetRule{{}, {name.text(), action}}}));
    return Response::json(json_text({{"name", name.text()}, {"rule", word}}));
}

Answered<Response> delete_rule(const Call& call) {
    const auto name = SPORVAKT_TRY(rule_name(call));
    SPORVAKT_TRY(change_policy(
        call, {policy::RemoveRule{{}, policy::RuleForm::WithSubdomains, name.text()}}));
    return Response::no_content();
}

}  // namespace sporvakt::webui
