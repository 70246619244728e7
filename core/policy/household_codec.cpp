#include "core/policy/household_codec.h"

#include "core/base/domain_name.h"
#include "core/base/ip_prefix.h"
#include "core/base/utf8.h"
#include "core/devices/device_id.h"
#include "core/trackers/name_expressions.h"

#include <algorithm>

#include <fmt/format.h>

namespace sporvakt::policy {
namespace {

constexpr std::uint8_t kWithoutLists = 1;  // the version before groups had lists
constexpr std::uint8_t kVersion = 2;
constexpr std::size_t kListsMax = 200;
constexpr std::size_t kCompaniesMax = 500;
constexpr std::size_t kSchedulesMax = 16;
constexpr std::size_t kWindowsMax = 64;
constexpr std::size_t kMembersMax = 256;

bool is_name(std::string_view text) {
    const auto parsed = DomainName::from_text(text);
    return parsed && parsed->text() == text;
}

bool is_word(std::string_view text) {
    return !text.empty() && text.size() <= kWordBytesMax && printable_characters(text);
}

bool is_slug(std::string_view text) {
    return !text.empty() && text.size() <= kWordBytesMax &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                      c == '_';
           });
}

bool is_mask(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

tl::unexpected<Error> wrong(std::string message) {
    return fail(Errc::InvalidInput, std::move(message));
}

Result<void> check_expression(std::string_view text, std::string_view expression) {
    if (const auto fault = trackers::NameExpressions::fault_of(expression)) {
        return wrong(fmt::format("'{}' cannot be used: {}", text, *fault));
    }
    return {};
}

bool is_sound(const WeeklyWindow& window) {
    constexpr std::uint8_t kEveryDay = 0x7f;
    return window.days != 0 && window.days <= kEveryDay &&
           window.begin < WeeklyWindow::kDayMinutes && window.end <= WeeklyWindow::kDayMinutes;
}

Result<void> check_companies(const std::vector<std::string>& companies) {
    if (companies.size() > kCompaniesMax) {
        return wrong(fmt::format("more than {} companies", kCompaniesMax));
    }
    const auto odd = std::find_if_not(companies.begin(), companies.end(), is_slug);
    return odd == companies.end() ? Result<void>()
                                  : wrong(fmt::format("'{}' is not a company's id", *odd));
}

/// Of two that say different things about one, nobody could tell which holds.
Result<void> check_once(std::vector<std::string> names, std::string_view what) {
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    return twice == names.end()
               ? Result<void>()
               : wrong(fmt::format("the {} '{}' stands twice in one group", what, *twice));
}

Result<void> check(const Schedule& schedule) {
    if (!is_word(schedule.name)) {
        return wrong("a schedule needs a name of at most 128 bytes");
    }
    const bool is_bounded = !schedule.windows.empty() && schedule.windows.size() <= kWindowsMax;
    if (!is_bounded || !std::all_of(schedule.windows.begin(), schedule.windows.end(), is_sound)) {
        return wrong(
            fmt::format("the schedule '{}' needs 1 to {} windows, each with a day, a "
                        "beginning before 24:00 and an end",
                        schedule.name, kWindowsMax));
    }
    return check_companies(schedule.companies);
}

Result<void> check(const Membership& member) {
    if (member.by == Membership::By::Network && !IpPrefix::from_text(member.text)) {
        return wrong(fmt::format(
            "'{}' is not a network; write it like 192.168.40.0/24 or fd00::/64", member.text));
    }
    if (member.by == Membership::By::Device && !devices::DeviceId::from_text(member.text)) {
        return wrong(fmt::format(
            "'{}' is not a device; write its MAC, like 3c:22:fb:12:34:01, or its address",
            member.text));
    }
    constexpr std::size_t kInterfaceNameMax = 15;  // IFNAMSIZ, without the zero behind it
    if (member.by == Membership::By::Interface &&
        (!is_mask(member.text) || member.text.size() > kInterfaceNameMax)) {
        return wrong(fmt::format("'{}' is not the name of a network card", member.text));
    }
    if (member.by == Membership::By::Name &&
        (!is_word(member.text) || member.text.find_first_not_of('*') == std::string::npos)) {
        return wrong("a group cannot take devices by an empty name, or by one that all have");
    }
    return {};
}

void write_texts(ByteWriter& out, const std::vector<std::string>& texts) {
    out.u16(static_cast<std::uint16_t>(texts.size()));
    for (const std::string& text : texts) {
        out.text16(text);
    }
}

Parsed<std::vector<std::string>> read_texts(ByteReader& in) {
    std::vector<std::string> texts;
    for (std::size_t left = SPORVAKT_TRY(in.u16()); left > 0; --left) {
        texts.emplace_back(as_text(SPORVAKT_TRY(in.take_vector16())));
    }
    return texts;
}

void write_schedule(ByteWriter& out, const Schedule& schedule) {
    out.text16(schedule.name)
        .u8(schedule.stops_everything ? 1 : 0)
        .u8(static_cast<std::uint8_t>(schedule.windows.size()));
    for (const WeeklyWindow& window : schedule.windows) {
        out.u8(window.days).u16(window.begin).u16(window.end);
    }
    out.u8(static_cast<std::uint8_t>(schedule.purposes.size()));
    for (const trackers::Purpose purpose : schedule.purposes) {
        out.u8(static_cast<std::uint8_t>(purpose));
    }
    write_texts(out, schedule.companies);
}

Parsed<bool> read_bool(ByteReader& in) {
    const std::uint8_t value = SPORVAKT_TRY(in.u8());
    if (value > 1) {
        return tl::unexpected(ParseError::Malformed);
    }
    return value == 1;
}

Parsed<Schedule> read_schedule(ByteReader& in) {
    Schedule schedule;
    schedule.name = as_text(SPORVAKT_TRY(in.take_vector16()));
    schedule.stops_everything = SPORVAKT_TRY(read_bool(in));
    for (std::size_t left = SPORVAKT_TRY(in.u8()); left > 0; --left) {
        WeeklyWindow window;
        window.days = SPORVAKT_TRY(in.u8());
        window.begin = SPORVAKT_TRY(in.u16());
        window.end = SPORVAKT_TRY(in.u16());
        schedule.windows.push_back(window);
    }
    for (std::size_t left = SPORVAKT_TRY(in.u8()); left > 0; --left) {
        schedule.purposes.push_back(SPORVAKT_TRY(read_enum(in, trackers::kLastPurpose)));
    }
    schedule.companies = SPORVAKT_TRY(read_texts(in));
    return schedule;
}

Result<void> check_lists(const Group& group) {
    if (!group.lists) {
        return {};
    }
    if (group.lists->size() > kListsMax) {
        return wrong(fmt::format("the group '{}' has more than {} lists", group.id, kListsMax));
    }
    const auto odd = std::find_if_not(group.lists->begin(), group.lists->end(),
                                      [](const std::string& list) { return is_word(list); });
    return odd == group.lists->end()
               ? Result<void>()
               : wrong(fmt::format("'{}' cannot be the name of a list", *odd));
}

}  // namespace

bool is_group_id(std::string_view id) {
    return !id.empty() && id.size() <= kGroupIdBytesMax &&
           std::all_of(id.begin(), id.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
           });
}

Result<void> check(const OwnRule& rule) {
    if (rule.text.size() > kRuleTextBytesMax) {
        return wrong(fmt::format("a rule may have at most {} characters", kRuleTextBytesMax));
    }
    switch (rule.form) {
        case RuleForm::WithSubdomains:
        case RuleForm::Exact:
            return is_name(rule.text)
                       ? Result<void>()
                       : wrong(fmt::format("'{}' is not a name of the Internet", rule.text));
        case RuleForm::Wildcard:
            return is_mask(rule.text)
                       ? check_expression(rule.text,
                                          trackers::NameExpressions::of_wildcard(rule.text))
                       : wrong(fmt::format("'{}' is not a name with stars", rule.text));
        case RuleForm::Expression:
            return check_expression(rule.text, rule.text);
    }
    return wrong("a rule of a form that is not known");
}

Result<void> check(const Group& group) {
    if (!is_group_id(group.id)) {
        return wrong(fmt::format("'{}' is not a group's id; use up to {} of a-z, 0-9 and '-'",
                                 group.id, kGroupIdBytesMax));
    }
    if (!is_word(group.name)) {
        return wrong(fmt::format("the group '{}' needs a name of at most {} bytes", group.id,
                                 kWordBytesMax));
    }
    for (const OwnRule& rule : group.rules) {
        SPORVAKT_TRY(check(rule));
    }
    std::vector<std::string> companies;
    std::transform(group.companies.begin(), group.companies.end(), std::back_inserter(companies),
                   [](const CompanyRule& rule) { return rule.company; });
    SPORVAKT_TRY(check_companies(companies));
    SPORVAKT_TRY(check_once(std::move(companies), "company"));
    if (group.schedules.size() > kSchedulesMax || group.members.size() > kMembersMax) {
        return wrong(fmt::format("the group '{}' has more than {} schedules or {} memberships",
                                 group.id, kSchedulesMax, kMembersMax));
    }
    std::vector<std::string> schedules;
    for (const Schedule& schedule : group.schedules) {
        SPORVAKT_TRY(check(schedule));
        schedules.push_back(schedule.name);
    }
    SPORVAKT_TRY(check_once(std::move(schedules), "schedule"));
    for (const Membership& member : group.members) {
        SPORVAKT_TRY(check(member));
    }
    return check_lists(group);
}

Result<void> check(const Pause& pause) {
    const auto is_sound = [&] {
        switch (pause.scope) {
            case Pause::Scope::Everybody:
                return pause.what.empty();
            case Pause::Scope::Group:
                return is_group_id(pause.what);
            case Pause::Scope::Device:
                return devices::DeviceId::from_text(pause.what).has_value();
            case Pause::Scope::Company:
                return is_slug(pause.what);
            case Pause::Scope::Name:
                return is_name(pause.what);
        }
        return false;
    };
    if (!is_sound()) {
        return wrong(fmt::format("'{}' is nothing that can be paused so", pause.what));
    }
    return pause.until > Timestamp{} ? Result<void>() : wrong("a pause needs an end");
}

void write_group(ByteWriter& out, const Group& group) {
    out.u8(kVersion).u8(group.allow_only ? 1 : 0).text16(group.name);
    out.u8(static_cast<std::uint8_t>(group.purposes.size()));
    for (const auto& [purpose, rule] : group.purposes) {
        out.u8(static_cast<std::uint8_t>(purpose)).u8(static_cast<std::uint8_t>(rule));
    }
    out.u16(static_cast<std::uint16_t>(group.companies.size()));
    for (const CompanyRule& rule : group.companies) {
        out.text16(rule.company)
            .u8(static_cast<std::uint8_t>(rule.action))
            .u8(static_cast<std::uint8_t>(rule.reach));
    }
    out.u8(static_cast<std::uint8_t>(group.schedules.size()));
    for (const Schedule& schedule : group.schedules) {
        write_schedule(out, schedule);
    }
    out.u16(static_cast<std::uint16_t>(group.members.size()));
    for (const Membership& member : group.members) {
        out.u8(static_cast<std::uint8_t>(member.by)).text16(member.text);
    }
    out.u8(group.lists ? 1 : 0);
    write_texts(out, group.lists.value_or(std::vector<std::string>{}));
    out.u8(static_cast<std::uint8_t>(group.answers.blocked))
        .u8(static_cast<std::uint8_t>(group.answers.strip_ech))
        .u8(static_cast<std::uint8_t>(group.answers.canary_names));
}

Parsed<Group> read_group(ByteReader& in) {
    const std::uint8_t version = SPORVAKT_TRY(in.u8());
    if (version != kVersion && version != kWithoutLists) {
        return tl::unexpected(ParseError::Malformed);
    }
    Group group;
    group.allow_only = SPORVAKT_TRY(read_bool(in));
    group.name = as_text(SPORVAKT_TRY(in.take_vector16()));
    for (std::size_t left = SPORVAKT_TRY(in.u8()); left > 0; --left) {
        const auto purpose = SPORVAKT_TRY(read_enum(in, trackers::kLastPurpose));
        group.purposes[purpose] = SPORVAKT_TRY(read_enum(in, HouseholdRule::Allow));
    }
    for (std::size_t left = SPORVAKT_TRY(in.u16()); left > 0; --left) {
        CompanyRule rule;
        rule.company = as_text(SPORVAKT_TRY(in.take_vector16()));
        rule.action = SPORVAKT_TRY(read_enum(in, HouseholdRule::Allow));
        rule.reach = SPORVAKT_TRY(read_enum(in, CompanyReach::Everything));
        group.companies.push_back(std::move(rule));
    }
    for (std::size_t left = SPORVAKT_TRY(in.u8()); left > 0; --left) {
        group.schedules.push_back(SPORVAKT_TRY(read_schedule(in)));
    }
    for (std::size_t left = SPORVAKT_TRY(in.u16()); left > 0; --left) {
        Membership member;
        member.by = SPORVAKT_TRY(read_enum(in, Membership::By::Interface));
        member.text = as_text(SPORVAKT_TRY(in.take_vector16()));
        group.members.push_back(std::move(member));
    }
    if (version == kVersion) {
        const bool has_lists = SPORVAKT_TRY(read_bool(in));
        auto lists = SPORVAKT_TRY(read_texts(in));
        group.lists = has_lists ? std::optional(std::move(lists)) : std::nullopt;
        using Wish = AnswerWishes::Wish;
        group.answers.blocked = SPORVAKT_TRY(read_enum(in, AnswerWishes::Blocked::Refused));
        group.answers.strip_ech = SPORVAKT_TRY(read_enum(in, Wish::Yes));
        group.answers.canary_names = SPORVAKT_TRY(read_enum(in, Wish::Yes));
    }
    return group;
}

void write_until(ByteWriter& out, Timestamp until) {
    out.u64(static_cast<std::uint64_t>(until.time_since_epoch().count()));
}

Parsed<Timestamp> read_until(ByteReader& in) {
    constexpr std::uint64_t kYear10000 = 253'402'300'800'000;
    const std::uint64_t milliseconds = SPORVAKT_TRY(in.u64());
    if (milliseconds > kYear10000) {
        return tl::unexpected(ParseError::Malformed);
    }
    return Timestamp(std::chrono::milliseconds(milliseconds));
}

void write_ruling(ByteWriter& out, const OwnRule& rule) {
    out.u8(static_cast<std::uint8_t>(rule.action));
    write_until(out, rule.until.value_or(Timestamp{}));
}

Parsed<void> read_ruling(ByteReader& in, OwnRule& rule) {
    rule.action = SPORVAKT_TRY(read_enum(in, HouseholdRule::Allow));
    const Timestamp until = SPORVAKT_TRY(read_until(in));
    rule.until = until == Timestamp{} ? std::nullopt : std::optional(until);
    return {};
}

}  // namespace sporvakt::policy
