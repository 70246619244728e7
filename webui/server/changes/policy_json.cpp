#include "webui/server/changes/policy_json.h"

#include "core/base/clock.h"
#include "webui/server/changes/json_members.h"
#include "webui/server/rows.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace sporvakt::webui {
namespace {

using nlohmann::json;
using policy::CompanyReach;
using policy::HouseholdRule;
using policy::Membership;
using policy::Pause;
using policy::RuleForm;
using policy::WeeklyWindow;

constexpr Words<HouseholdRule, 2> kActions{
    {{"block", HouseholdRule::Block}, {"allow", HouseholdRule::Allow}}};
constexpr Words<RuleForm, 4> kForms{{{"subdomains", RuleForm::WithSubdomains},
                                     {"exact", RuleForm::Exact},
                                     {"wildcard", RuleForm::Wildcard},
                                     {"expression", RuleForm::Expression}}};
constexpr Words<CompanyReach, 2> kReaches{
    {{"trackers", CompanyReach::Trackers}, {"everything", CompanyReach::Everything}}};
constexpr Words<Membership::By, 4> kBys{{{"network", Membership::By::Network},
                                         {"name", Membership::By::Name},
                                         {"device", Membership::By::Device},
                                         {"interface", Membership::By::Interface}}};
using Blocked = policy::AnswerWishes::Blocked;
constexpr Words<Blocked, 4> kBlocked{{{"null", Blocked::NullAddress},
                                      {"nxdomain", Blocked::NoSuchName},
                                      {"nodata", Blocked::NoData},
                                      {"refused", Blocked::Refused}}};
constexpr Words<Pause::Scope, 5> kScopes{{{"everybody", Pause::Scope::Everybody},
                                          {"group", Pause::Scope::Group},
                                          {"device", Pause::Scope::Device},
                                          {"company", Pause::Scope::Company},
                                          {"name", Pause::Scope::Name}}};
constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

template <class Value, std::size_t size>
std::string_view text_of(const Words<Value, size>& words, Value value) {
    const auto* const found = std::find_if(words.begin(), words.end(),
                                           [&](const auto& word) { return word.second == value; });
    return found == words.end() ? std::string_view() : found->first;
}

json rule_json(const policy::OwnRule& rule) {
    return {{"text", rule.text},
            {"rule", text_of(kActions, rule.action)},
            {"form", text_of(kForms, rule.form)},
            {"until", rule.until ? json(rfc3339(*rule.until)) : json()}};
}

std::string clock_text(std::uint16_t minutes) {
    return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

json window_json(const WeeklyWindow& window) {
    json days = json::array();
    for (std::size_t day = 0; day < kDays.size(); ++day) {
        if ((window.days >> day & 1U) != 0) {
            days.push_back(kDays.at(day));
        }
    }
    return {{"days", std::move(days)},
            {"begin", clock_text(window.begin)},
            {"end", clock_text(window.end)}};
}

template <class Items, class Show>
json list_json(const Items& items, Show show) {
    json list = json::array();
    for (const auto& item : items) {
        list.push_back(show(item));
    }
    return list;
}

json purpose_text(trackers::Purpose purpose) {
    return trackers::purpose_info(purpose).id;
}

json schedule_json(const policy::Schedule& schedule) {
    return {{"name", schedule.name},
            {"windows", list_json(schedule.windows, window_json)},
            {"stops_everything", schedule.stops_everything},
            {"purposes", list_json(schedule.purposes, purpose_text)},
            {"companies", schedule.companies}};
}

/// "21:00", and "24:00" for the day's end.
Answered<std::uint16_t> minutes_of(const JsonMembers& window, std::string_view name) {
    const std::string text = SPORVAKT_TRY(window.text(name));
    unsigned hours = 99;
    unsigned minutes = 99;
    const bool has_form = text.size() == 5 && text[2] == ':';
    if (has_form) {
        std::from_chars(text.data(), text.data() + 2, hours);
        std::from_chars(text.data() + 3, text.data() + 5, minutes);
    }
    if (minutes > 59 || hours * 60 + minutes > WeeklyWindow::kDayMinutes) {
        return refuse(Problem::InvalidBody, "A time of day belongs here, like 21:00.",
                      std::string(name));
    }
    return static_cast<std::uint16_t>(hours * 60 + minutes);
}

Answered<std::uint8_t> day_of(const json& item) {
    const auto* const found =
        std::find(kDays.begin(), kDays.end(), item.is_string() ? item.get<std::string>() : "");
    if (found == kDays.end()) {
        return refuse(Problem::InvalidBody, "A day belongs here, mon to sun.", "days");
    }
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(found - kDays.begin()));
}

Answered<WeeklyWindow> window_of(const json& item) {
    const auto members = SPORVAKT_TRY(JsonMembers::of(item, {"days", "begin", "end"}));
    WeeklyWindow window;
    for (const std::uint8_t day : SPORVAKT_TRY(members.list("days", day_of))) {
        window.days |= day;
    }
    window.begin = SPORVAKT_TRY(minutes_of(members, "begin"));
    window.end = SPORVAKT_TRY(minutes_of(members, "end"));
    return window;
}

Answered<trackers::Purpose> purpose_of(const json& item) {
    const auto purpose = trackers::purpose_from_id(item.is_string() ? item.get<std::string>() : "");
    if (!purpose) {
        return refuse(Problem::InvalidBody, "A purpose of GET /purposes belongs here.", "purposes");
    }
    return *purpose;
}

Answered<std::string> slug_of(const json& item) {
    if (!item.is_string()) {
        return refuse(Problem::InvalidBody, "The id of a company belongs here.", "companies");
    }
    return item.get<std::string>();
}

Answered<std::string> list_name_of(const json& item) {
    if (!item.is_string()) {
        return refuse(Problem::InvalidBody, "The name of a list belongs here.", "lists");
    }
    return item.get<std::string>();
}

Answered<policy::Schedule> schedule_of(const json& item) {
    const auto members = SPORVAKT_TRY(
        JsonMembers::of(item, {"name", "windows", "stops_everything", "purposes", "companies"}));
    policy::Schedule schedule;
    schedule.name = SPORVAKT_TRY(members.text("name"));
    schedule.windows = SPORVAKT_TRY(members.list("windows", window_of));
    schedule.stops_everything = SPORVAKT_TRY(members.flag("stops_everything", false));
    schedule.purposes = SPORVAKT_TRY(members.list("purposes", purpose_of));
    schedule.companies = SPORVAKT_TRY(members.list("companies", slug_of));
    return schedule;
}

bool is_left_out(const JsonMembers& members, std::string_view name) {
    return !members.has(name) || members.value().at(std::string(name)).is_null();
}

/// Empty where it is null or left out.
Answered<std::string> text_or_none(const JsonMembers& members, std::string_view name) {
    return is_left_out(members, name) ? Answered<std::string>(std::string()) : members.text(name);
}

Answered<std::optional<Timestamp>> until_of(const JsonMembers& members) {
    if (is_left_out(members, "until")) {
        return std::optional<Timestamp>();
    }
    const auto until = timestamp_from_rfc3339(SPORVAKT_TRY(members.text("until")));
    if (!until) {
        return refuse(Problem::InvalidBody, "A time belongs here, like 2026-11-21T14:03:07Z.",
                      "until");
    }
    return std::optional(*until);
}

Answered<policy::OwnRule> rule_of(const json& item) {
    const auto members = SPORVAKT_TRY(JsonMembers::of(item, {"text", "rule", "form", "until"}));
    policy::OwnRule rule;
    rule.text = SPORVAKT_TRY(members.text("text"));
    rule.action = SPORVAKT_TRY(members.word("rule", kActions));
    if (members.has("form")) {
        rule.form = SPORVAKT_TRY(members.word("form", kForms));
    }
    rule.until = SPORVAKT_TRY(until_of(members));
    return rule;
}

Answered<policy::CompanyRule> company_of(const json& item) {
    const auto members = SPORVAKT_TRY(JsonMembers::of(item, {"company", "rule", "reach"}));
    policy::CompanyRule rule;
    rule.company = SPORVAKT_TRY(members.text("company"));
    rule.action = SPORVAKT_TRY(members.word("rule", kActions));
    if (members.has("reach")) {
        rule.reach = SPORVAKT_TRY(members.word("reach", kReaches));
    }
    return rule;
}

Answered<Membership> member_of(const json& item) {
    const auto members = SPORVAKT_TRY(JsonMembers::of(item, {"by", "text"}));
    Membership member;
    member.by = SPORVAKT_TRY(members.word("by", kBys));
    member.text = SPORVAKT_TRY(members.text("text"));
    return member;
}

struct PurposeRule {
    trackers::Purpose purpose = trackers::Purpose::Unknown;
    HouseholdRule action = HouseholdRule::Block;
};

Answered<PurposeRule> purpose_rule_of(const json& item) {
    const auto members = SPORVAKT_TRY(JsonMembers::of(item, {"purpose", "rule"}));
    PurposeRule rule;
    rule.purpose = SPORVAKT_TRY(purpose_of(SPORVAKT_TRY(members.text("purpose"))));
    rule.action = SPORVAKT_TRY(members.word("rule", kActions));
    return rule;
}

/// One of several, whose id stands in it.
Answered<policy::Group> whole_group_of(const json& item) {
    if (!item.is_object() || !item.contains("id") || !item.at("id").is_string()) {
        return refuse(Problem::InvalidBody, "A group needs an id.", "id");
    }
    return group_from_json(item.at("id").get<std::string>(), item);
}

/// One that is going on, as pause_json() writes it.
Answered<Pause> whole_pause_of(const json& item) {
    const auto members = SPORVAKT_TRY(JsonMembers::of(item, {"scope", "what", "until"}));
    Pause pause;
    pause.scope = SPORVAKT_TRY(members.word("scope", kScopes));
    pause.what = SPORVAKT_TRY(text_or_none(members, "what"));
    const auto until = SPORVAKT_TRY(until_of(members));
    if (!until) {
        return refuse(Problem::InvalidBody, "A pause needs an end.", "until");
    }
    pause.until = *until;
    return pause;
}

/// Null: as the household's others.
json wish_json(policy::AnswerWishes::Wish wish) {
    using Wish = policy::AnswerWishes::Wish;
    return wish == Wish::AsHousehold ? json() : json(wish == Wish::Yes);
}

Answered<policy::AnswerWishes::Wish> wish_of(const JsonMembers& members, std::string_view name) {
    using Wish = policy::AnswerWishes::Wish;
    if (is_left_out(members, name)) {
        return Wish::AsHousehold;
    }
    return SPORVAKT_TRY(members.flag(name, false)) ? Wish::Yes : Wish::No;
}

Answered<policy::AnswerWishes> answers_of(const JsonMembers& members) {
    policy::AnswerWishes answers;
    if (!is_left_out(members, "blocking")) {
        answers.blocked = SPORVAKT_TRY(members.word("blocking", kBlocked));
    }
    answers.strip_ech = SPORVAKT_TRY(wish_of(members, "strip_ech"));
    answers.canary_names = SPORVAKT_TRY(wish_of(members, "canary_names"));
    return answers;
}

}  // namespace

json group_json(const policy::Group& group) {
    return {{"id", group.id},
            {"name", group.name},
            {"allow_only", group.allow_only},
            {"rules", list_json(group.rules, rule_json)},
            {"purposes", list_json(group.purposes,
                                   [](const auto& one) {
                                       return json{{"purpose", purpose_text(one.first)},
                                                   {"rule", text_of(kActions, one.second)}};
                                   })},
            {"companies", list_json(group.companies,
                                    [](const policy::CompanyRule& rule) {
                                        return json{{"company", rule.company},
                                                    {"rule", text_of(kActions, rule.action)},
                                                    {"reach", text_of(kReaches, rule.reach)}};
                                    })},
            {"schedules", list_json(group.schedules, schedule_json)},
            {"members",
             list_json(group.members,
                       [](const Membership& member) {
                           return json{{"by", text_of(kBys, member.by)}, {"text", member.text}};
                       })},
            {"lists", group.lists ? json(*group.lists) : json()},
            {"blocking", text_or_null(text_of(kBlocked, group.answers.blocked))},
            {"strip_ech", wish_json(group.answers.strip_ech)},
            {"canary_names", wish_json(group.answers.canary_names)}};
}

json pause_json(const Pause& pause) {
    return {{"scope", text_of(kScopes, pause.scope)},
            {"what", text_or_null(pause.what)},
            {"until", rfc3339(pause.until)}};
}

json policy_json(const policy::HouseholdRules& household) {
    return {{"rules", list_json(household.rules, rule_json)},
            {"groups", list_json(household.groups, group_json)},
            {"unknown_group", text_or_null(household.unknown_group)},
            {"pauses", list_json(household.pauses, pause_json)}};
}

Answered<policy::Group> group_from_json(std::string id, const json& body) {
    const auto members = SPORVAKT_TRY(JsonMembers::of(
        body, {"id", "name", "allow_only", "rules", "purposes", "companies", "schedules", "members",
               "lists", "blocking", "strip_ech", "canary_names"}));
    policy::Group group;
    group.id = std::move(id);
    group.name = SPORVAKT_TRY(members.text("name"));
    group.allow_only = SPORVAKT_TRY(members.flag("allow_only", false));
    group.rules = SPORVAKT_TRY(members.list("rules", rule_of));
    for (const PurposeRule& rule : SPORVAKT_TRY(members.list("purposes", purpose_rule_of))) {
        group.purposes[rule.purpose] = rule.action;
    }
    group.companies = SPORVAKT_TRY(members.list("companies", company_of));
    group.schedules = SPORVAKT_TRY(members.list("schedules", schedule_of));
    group.members = SPORVAKT_TRY(members.list("members", member_of));
    if (members.has("lists") && !body.at("lists").is_null()) {
        group.lists = SPORVAKT_TRY(members.list("lists", list_name_of));
    }
    group.answers = SPORVAKT_TRY(answers_of(members));
    return group;
}

Answered<policy::HouseholdRules> policy_from_json(const json& body) {
    const auto members =
        SPORVAKT_TRY(JsonMembers::of(body, {"rules", "groups", "unknown_group", "pauses"}));
    policy::HouseholdRules household;
    household.rules = SPORVAKT_TRY(members.list("rules", rule_of));
    household.groups = SPORVAKT_TRY(members.list("groups", whole_group_of));
    household.pauses = SPORVAKT_TRY(members.list("pauses", whole_pause_of));
    household.unknown_group = SPORVAKT_TRY(text_or_none(members, "unknown_group"));
    return household;
}

Answered<Pause> pause_from_json(const json& body, Timestamp now) {
    constexpr std::int64_t kMinutesMax = std::int64_t{31} * 24 * 60;
    const auto members = SPORVAKT_TRY(JsonMembers::of(body, {"scope", "what", "minutes"}));
    Pause pause;
    pause.scope = SPORVAKT_TRY(members.word("scope", kScopes));
    if (pause.scope != Pause::Scope::Everybody) {
        pause.what = SPORVAKT_TRY(members.text("what"));
    }
    pause.until =
        now + std::chrono::minutes(SPORVAKT_TRY(members.number("minutes", 1, kMinutesMax)));
    return pause;
}

Answered<Pause::Scope> pause_scope_from_text(std::string_view text) {
    const json asked{{"scope", text}};
    return SPORVAKT_TRY(JsonMembers::of(asked, {"scope"})).word("scope", kScopes);
}

}  // namespace sporvakt::webui
