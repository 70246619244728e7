#include "webui/server/change_handlers.h"

#include "core/base/domain_name.h"
#include "core/ledger/order.h"
#include "core/policy/household_change.h"
#include "webui/server/json_body.h"
#include "webui/server/rows.h"

#include <algorithm>
#include <vector>

#include <nlohmann/json.hpp>

namespace sporvakt::webui {
namespace {

using nlohmann::json;

constexpr std::size_t kNameCharactersMax = 64;

Answered<void> submit(const Call& call, const ledger::Order& order) {
    const auto done = call.parts.orders.submit(order);
    if (done) {
        return {};
    }
    const Problem problem =
        done.error().code == Errc::InvalidInput ? Problem::InvalidParameter : Problem::Unavailable;
    return refuse(problem, done.error().message);
}

Answered<void> change_policy(const Call& call,
                             const std::vector<policy::HouseholdChange>& changes) {
    return submit(call, ledger::ChangePolicy{policy::encode(changes)});
}

/// Characters, not bytes: 'å' counts once.  The text is UTF-8, as the JSON reader saw to.
std::size_t character_count(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
    }));
}

bool has_control_character(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
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
    const auto name = SPORVAKT_TRY(only_member(call.request, "name"));
    if (character_count(name) > kNameCharactersMax || has_control_character(name)) {
        return refuse(Problem::InvalidBody,
                      "A name has at most 64 characters, all of them visible.", "name");
    }
    const auto id = devices::DeviceId::from_text(call.id);
    const auto devices = call.parts.devices.get();
    const auto* const known = id ? devices->find(*id) : nullptr;
    if (known == nullptr) {
        return refuse(Problem::UnknownDevice, "This appliance has not seen such a device.");
    }
    SPORVAKT_TRY(submit(call, ledger::RenameDevice{*id, name}));
    devices::Device renamed = *known;
    renamed.given_name = name;
    return Response::json(json_text({{"id", id->text()}, {"name", renamed.display_name()}}));
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
