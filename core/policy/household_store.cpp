#include "core/policy/household_store.h"

#include "core/base/byte_writer.h"
#include "core/policy/household_codec.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace sporvakt::policy {
namespace {

constexpr std::string_view kSettingsTable = "settings";
constexpr std::string_view kRulesTable = "rules";
constexpr std::string_view kGroupsTable = "groups";
constexpr std::string_view kPausesTable = "pauses";
constexpr std::string_view kPasswordHashSetting = "password_hash";
constexpr std::string_view kUnknownGroupSetting = "unknown_group";

using Key = std::vector<std::uint8_t>;

// group NUL form text: a group's rules lie together, those for everybody first.
Key rule_key(std::string_view group, RuleForm form, std::string_view text) {
    return ByteWriter().text(group).u8(0).u8(static_cast<std::uint8_t>(form)).text(text).result();
}

Key pause_key(Pause::Scope scope, std::string_view what) {
    return ByteWriter().u8(static_cast<std::uint8_t>(scope)).text(what).result();
}

bool is_expression(RuleForm form) {
    return form == RuleForm::Wildcard || form == RuleForm::Expression;
}

struct StoredRule {
    std::string group;
    OwnRule rule;
};

Parsed<StoredRule> rule_from(const store::Entry& entry) {
    const std::string_view key = as_text(entry.key);
    const std::size_t end = key.find('\0');
    if (end == std::string_view::npos) {
        return tl::unexpected(ParseError::Malformed);
    }
    StoredRule stored;
    stored.group = key.substr(0, end);
    ByteReader rest(entry.key.subspan(end + 1));
    stored.rule.form = SPORVAKT_TRY(read_enum(rest, RuleForm::Expression));
    stored.rule.text = as_text(rest.take_rest());
    ByteReader value(entry.value);
    SPORVAKT_TRY(read_ruling(value, stored.rule));
    if (!value.at_end()) {
        return tl::unexpected(ParseError::Malformed);
    }
    return stored;
}

Parsed<Group> group_from(const store::Entry& entry) {
    ByteReader value(entry.value);
    Group group = SPORVAKT_TRY(read_group(value));
    group.id = as_text(entry.key);
    if (!value.at_end()) {
        return tl::unexpected(ParseError::Malformed);
    }
    return group;
}

Parsed<Pause> pause_from(const store::Entry& entry) {
    ByteReader key(entry.key);
    Pause pause;
    pause.scope = SPORVAKT_TRY(read_enum(key, Pause::Scope::Name));
    pause.what = as_text(key.take_rest());
    ByteReader value(entry.value);
    pause.until = SPORVAKT_TRY(read_until(value));
    return pause;
}

/// Every entry of a table as `read` reads it; a sound table is one that was checked when written.
/// Judging by half of the rules would let through what somebody forbade.
template <class Item, class Read>
Result<std::vector<Item>> all_of(const store::ReadTransaction& transaction, store::Table table,
                                 Read read) {
    std::vector<Item> items;
    bool is_sound = true;
    SPORVAKT_TRY(transaction.visit(table, store::KeyRange::all(), [&](const store::Entry& entry) {
        auto item = read(entry);
        is_sound = item.has_value() && check(*item).has_value();
        if (is_sound) {
            items.push_back(std::move(*item));
        }
        return is_sound ? store::Visit::Continue : store::Visit::Stop;
    }));
    if (!is_sound) {
        return fail(Errc::Storage,
                    transaction.path() +
                        ": what the household decided cannot be read; bring back a copy of the "
                        "file, or move it away and set the rules again");
    }
    return items;
}

Result<void> check(const StoredRule& stored) {
    return check(stored.rule);
}

tl::unexpected<Error> no_such_group(std::string_view id) {
    return fail(Errc::NotFound, "there is no group '" + std::string(id) + "'");
}

}  // namespace

/// Carries out one change in one transaction.
class HouseholdStore::Changer {
public:
    Changer(const HouseholdStore& store, store::WriteTransaction& transaction)
        : store_(store), transaction_(transaction) {}

    Result<void> operator()(const SetRule& change) {
        SPORVAKT_TRY(check(change.rule));
        SPORVAKT_TRY(needs_group(change.group));
        const Key key = rule_key(change.group, change.rule.form, change.rule.text);
        SPORVAKT_TRY(needs_room(store_.rules_, key, HouseholdRules::kRulesMax, "rules"));
        if (is_expression(change.rule.form)) {
            SPORVAKT_TRY(needs_room_for_expression(key));
        }
        ByteWriter value;
        write_ruling(value, change.rule);
        return transaction_.put(store_.rules_, key, value.result());
    }
    Result<void> operator()(const RemoveRule& change) {
        SPORVAKT_TRY(
            transaction_.erase(store_.rules_, rule_key(change.group, change.form, change.text)));
        return {};
    }
    Result<void> operator()(const SetGroup& change) {
        SPORVAKT_TRY(check(change.group));
        SPORVAKT_TRY(needs_room(store_.groups_, as_bytes(change.group.id),
                                HouseholdRules::kGroupsMax, "groups"));
        ByteWriter value;
        write_group(value, change.group);
        return transaction_.put(store_.groups_, as_bytes(change.group.id), value.result());
    }
    Result<void> operator()(const RemoveGroup& change) {
        SPORVAKT_TRY(transaction_.erase(store_.groups_, as_bytes(change.id)));
        const Key first = ByteWriter().text(change.id).u8(0).result();
        SPORVAKT_TRY(transaction_.erase_range(store_.rules_, store::KeyRange::prefix(first),
                                              HouseholdRules::kRulesMax));
        if (SPORVAKT_TRY(store_.setting(transaction_, kUnknownGroupSetting)) == change.id) {
            return (*this)(SetUnknownGroup{});
        }
        return {};
    }
    Result<void> operator()(const SetUnknownGroup& change) {
        SPORVAKT_TRY(needs_group(change.id));
        return store_.set_setting(transaction_, kUnknownGroupSetting, change.id);
    }
    Result<void> operator()(const SetPause& change) {
        SPORVAKT_TRY(check(change.pause));
        const Key key = pause_key(change.pause.scope, change.pause.what);
        SPORVAKT_TRY(needs_room(store_.pauses_, key, HouseholdRules::kPausesMax, "pauses"));
        ByteWriter value;
        write_until(value, change.pause.until);
        return transaction_.put(store_.pauses_, key, value.result());
    }
    Result<void> operator()(const EndPause& change) {
        SPORVAKT_TRY(transaction_.erase(store_.pauses_, pause_key(change.scope, change.what)));
        return {};
    }
    Result<void> operator()(const ClearHousehold& /*change*/) {
        SPORVAKT_TRY(transaction_.clear(store_.rules_));
        SPORVAKT_TRY(transaction_.clear(store_.groups_));
        SPORVAKT_TRY(transaction_.clear(store_.pauses_));
        return (*this)(SetUnknownGroup{});
    }

private:
    [[nodiscard]] Result<void> needs_group(const std::string& id) const {
        if (!id.empty() && !SPORVAKT_TRY(transaction_.get(store_.groups_, as_bytes(id)))) {
            return no_such_group(id);
        }
        return {};
    }
    [[nodiscard]] Result<void> needs_room(store::Table table, Bytes key, std::size_t most,
                                          std::string_view what) const {
        const bool is_new = !SPORVAKT_TRY(transaction_.get(table, key));
        if (is_new && SPORVAKT_TRY(transaction_.count(table)) >= most) {
            return fail(Errc::InvalidInput, fmt::format("there are {} {} already; take some back "
                                                        "first",
                                                        most, what));
        }
        return {};
    }

    /// All of them are compiled into memory, by every role.
    [[nodiscard]] Result<void> needs_room_for_expression(Bytes key) const {
        std::size_t others = 0;
        SPORVAKT_TRY(transaction_.visit(
            store_.rules_, store::KeyRange::all(), [&](const store::Entry& entry) {
                const auto stored = rule_from(entry);
                const bool is_other = as_text(entry.key) != as_text(key);
                others += stored && is_other && is_expression(stored->rule.form) ? 1U : 0U;
                return store::Visit::Continue;
            }));
        return others < HouseholdRules::kExpressionsMax
                   ? Result<void>()
                   : fail(Errc::InvalidInput,
                          fmt::format("there are {} wildcards and expressions already; take some "
                                      "back first",
                                      others));
    }

    const HouseholdStore& store_;
    store::WriteTransaction& transaction_;
};

std::vector<std::string> HouseholdStore::tables() {
    return {std::string(kSettingsTable), std::string(kRulesTable), std::string(kGroupsTable),
            std::string(kPausesTable)};
}

HouseholdStore::HouseholdStore(const store::Environment& environment)
    : settings_(environment.table(kSettingsTable)),
      rules_(environment.table(kRulesTable)),
      groups_(environment.table(kGroupsTable)),
      pauses_(environment.table(kPausesTable)) {}

Result<HouseholdRules> HouseholdStore::rules(const store::ReadTransaction& transaction) const {
    HouseholdRules household;
    household.groups = SPORVAKT_TRY(all_of<Group>(transaction, groups_, group_from));
    household.pauses = SPORVAKT_TRY(all_of<Pause>(transaction, pauses_, pause_from));
    household.unknown_group =
        SPORVAKT_TRY(setting(transaction, kUnknownGroupSetting)).value_or(std::string());
    for (StoredRule& stored : SPORVAKT_TRY(all_of<StoredRule>(transaction, rules_, rule_from))) {
        const auto group = std::find_if(household.groups.begin(), household.groups.end(),
                                        [&](const Group& one) { return one.id == stored.group; });
        auto& rules = group == household.groups.end() ? household.rules : group->rules;
        if (group != household.groups.end() || stored.group.empty()) {
            rules.push_back(std::move(stored.rule));
        }
    }
    return household;
}

Result<void> HouseholdStore::change(store::WriteTransaction& transaction,
                                    const HouseholdChange& change) const {
    return std::visit(Changer(*this, transaction), change);
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
