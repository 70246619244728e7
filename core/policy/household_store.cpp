#include "core/policy/household_store.h"

#include "core/base/byte_writer.h"
#include "core/base/domain_name.h"

#include <utility>

namespace sporvakt::policy {
namespace {

constexpr std::string_view kSettingsTable = "settings";
constexpr std::string_view kRulesTable = "rules";
constexpr std::string_view kPasswordHashSetting = "password_hash";

bool is_name(std::string_view name) {
    const auto parsed = DomainName::from_text(name);
    return parsed && parsed->text() == name;
}

std::optional<HouseholdRule> rule_from(Bytes stored) {
    const bool is_known =
        stored.size() == 1 && stored[0] <= static_cast<std::uint8_t>(HouseholdRule::Allow);
    return is_known ? std::optional(HouseholdRule{stored[0]}) : std::nullopt;
}

}  // namespace

std::vector<std::string> HouseholdStore::tables() {
    return {std::string(kSettingsTable), std::string(kRulesTable)};
}

HouseholdStore::HouseholdStore(const store::Environment& environment)
    : settings_(environment.table(kSettingsTable)), rules_(environment.table(kRulesTable)) {}

Result<HouseholdRules> HouseholdStore::rules(const store::ReadTransaction& transaction) const {
    HouseholdRules rules;
    bool is_sound = true;
    SPORVAKT_TRY(transaction.visit(rules_, store::KeyRange::all(), [&](const store::Entry& entry) {
        const std::optional<HouseholdRule> rule = rule_from(entry.value);
        is_sound = is_sound && rule && is_name(as_text(entry.key));
        if (is_sound) {
            rules.names.emplace(as_text(entry.key), *rule);
        }
        return is_sound ? store::Visit::Continue : store::Visit::Stop;
    }));
    if (!is_sound) {
        // Judging by half of the rules would let through what somebody forbade.
        return fail(Errc::Storage, transaction.path() +
                                       ": a rule of the household cannot be read; bring back a "
                                       "copy of the file, or move it away and set the rules again");
    }
    return rules;
}

Result<void> HouseholdStore::set_rule(store::WriteTransaction& transaction, std::string_view name,
                                      std::optional<HouseholdRule> rule) const {
    if (!is_name(name)) {
        return fail(Errc::InvalidInput,
                    "'" + std::string(name) + "' is not a name of the Internet");
    }
    if (!rule) {
        SPORVAKT_TRY(transaction.erase(rules_, as_bytes(name)));
        return {};
    }
    const bool is_new = !SPORVAKT_TRY(transaction.get(rules_, as_bytes(name)));
    if (is_new && SPORVAKT_TRY(transaction.count(rules_)) >= kRuleCountMax) {
        return fail(Errc::InvalidInput, "there are 10,000 rules already; take some back first");
    }
    return transaction.put(rules_, as_bytes(name),
                           ByteWriter().u8(static_cast<std::uint8_t>(*rule)).result());
}

Result<std::optional<std::string>> HouseholdStore::password_hash(
    const store::ReadTransaction& transaction) const {
    return setting(transaction, kPasswordHashSetting);
}

Result<void> HouseholdStore::set_password_hash(store::WriteTransaction& transaction,
                                               std::string_view hash) const {
    if (hash.empty()) {
        return fail(Errc::InvalidInput, "an empty password hash would let everybody in");
    }
    return set_setting(transaction, kPasswordHashSetting, hash);
}

Result<std::optional<std::string>> HouseholdStore::setting(
    const store::ReadTransaction& transaction, std::string_view name) const {
    const auto stored = SPORVAKT_TRY(transaction.get(settings_, as_bytes(name)));
    return stored ? std::optional(std::string(as_text(*stored))) : std::nullopt;
}

Result<void> HouseholdStore::set_setting(store::WriteTransaction& transaction,
                                         std::string_view name, std::string_view value) const {
    return transaction.put(settings_, as_bytes(name), as_bytes(value));
}

}  // namespace sporvakt::policy
