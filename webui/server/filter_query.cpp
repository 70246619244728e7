#include "webui/server/filter_query.h"

#include "core/base/ascii.h"
#include "core/base/domain_name.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace sporvakt::webui {
namespace {

constexpr std::string_view kNamelessPrefix = "x-";
constexpr std::size_t kNamelessDigits = 8;
constexpr std::size_t kNamePartMax = DomainName::kMaxLength;

struct Span {
    Timestamp from;
    Timestamp to;
};

tl::unexpected<Fault> wrong(std::string_view parameter, std::string detail) {
    return refuse(Problem::InvalidParameter, std::move(detail), std::string(parameter));
}

Answered<std::chrono::hours> range_of(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, std::chrono::hours>, 4> kRanges{{
        {"1h", std::chrono::hours{1}},
        {"24h", std::chrono::hours{24}},
        {"7d", std::chrono::hours{7 * 24}},
        {"30d", std::chrono::hours{30 * 24}},
    }};
    for (const auto& [name, length] : kRanges) {
        if (name == text) {
            return length;
        }
    }
    return wrong("range", "The range must be 1h, 24h, 7d or 30d.");
}

Answered<std::optional<Timestamp>> time_of(const Query& query, std::string_view parameter) {
    const auto text = query.find(parameter);
    if (!text) {
        return std::optional<Timestamp>{};
    }
    const auto at = timestamp_from_rfc3339(*text);
    if (!at) {
        return wrong(parameter, "A time is written like 2026-11-21T14:03:07Z.");
    }
    return std::optional<Timestamp>{*at};
}

Answered<Span> span_of(const Query& query, Timestamp now) {
    const auto from = SPORVAKT_TRY(time_of(query, "from"));
    const auto to = SPORVAKT_TRY(time_of(query, "to"));
    if (const auto range = query.find("range")) {
        if (from || to) {
            return wrong("range", "Give either a range or from and to.");
        }
        return Span{now - SPORVAKT_TRY(range_of(*range)), now};
    }
    const Timestamp end = to.value_or(now);
    const Timestamp start = from.value_or(end - std::chrono::hours{24});
    if (start >= end) {
        return wrong(from ? "from" : "to", "The span must start before it ends.");
    }
    if (end - start > kSpanMax) {
        return wrong("from", "The span may have at most 366 days.");
    }
    return Span{start, end};
}

Answered<std::optional<devices::DeviceId>> device_of(const Query& query) {
    const auto text = query.find("device");
    if (!text) {
        return std::optional<devices::DeviceId>{};
    }
    const auto id = devices::DeviceId::from_text(*text);
    if (!id) {
        return wrong("device", "A device is named by its MAC or IP address.");
    }
    return std::optional<devices::DeviceId>{*id};
}

std::optional<trackers::CompanyId> nameless_company(std::string_view slug) {
    if (slug.substr(0, kNamelessPrefix.size()) != kNamelessPrefix ||
        slug.size() != kNamelessPrefix.size() + kNamelessDigits) {
        return std::nullopt;
    }
    slug.remove_prefix(kNamelessPrefix.size());
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(slug.data(), slug.data() + slug.size(), number, 16);
    if (error != std::errc{} || end != slug.data() + slug.size()) {
        return std::nullopt;
    }
    return trackers::CompanyId{number};
}

Answered<std::optional<trackers::CompanyId>> company_of(const Query& query,
                                                        const policy::Policy& policy) {
    const auto slug = query.find("company");
    if (!slug) {
        return std::optional<trackers::CompanyId>{};
    }
    if (*slug == kNoCompany) {
        return std::optional{trackers::CompanyId::None};
    }
    for (const auto& catalogue : policy.catalogues()) {
        if (const auto company = catalogue->company_by_slug(*slug)) {
            return std::optional{company->id};
        }
    }
    if (const auto company = nameless_company(*slug)) {
        return std::optional{*company};
    }
    return refuse(Problem::UnknownCompany, "No list knows this company.", "company");
}

Answered<std::optional<trackers::Purpose>> purpose_of(const Query& query) {
    const auto id = query.find("purpose");
    if (!id) {
        return std::optional<trackers::Purpose>{};
    }
    const auto purpose = trackers::purpose_from_id(*id);
    if (!purpose) {
        return wrong("purpose", "GET /purposes lists the purposes that there are.");
    }
    return std::optional{*purpose};
}

Answered<std::optional<ledger::Outcome>> outcome_of(const Query& query) {
    const auto result = query.find("result");
    if (!result) {
        return std::optional<ledger::Outcome>{};
    }
    if (*result == "leaked") {
        return std::optional{ledger::Outcome::Leaked};
    }
    if (*result == "prevented") {
        return std::optional{ledger::Outcome::Prevented};
    }
    return wrong("result", "The result must be leaked or prevented.");
}

Answered<std::string> name_part_of(const Query& query) {
    const auto part = query.find("q");
    if (!part) {
        return std::string();
    }
    if (part->empty() || part->size() > kNamePartMax) {
        return wrong("q", "Give 1 to 253 characters of the name.");
    }
    return lowered(*part);  // names are ASCII: A-labels
}

}  // namespace

Answered<ledger::Filter> filter_of(const Query& query, const policy::Policy& policy,
                                   const Clock& clock) {
    const Span span = SPORVAKT_TRY(span_of(query, clock.now()));
    ledger::Filter filter;
    filter.from = span.from;
    filter.to = span.to;
    filter.device = SPORVAKT_TRY(device_of(query));
    filter.company = SPORVAKT_TRY(company_of(query, policy));
    filter.purpose = SPORVAKT_TRY(purpose_of(query));
    filter.outcome = SPORVAKT_TRY(outcome_of(query));
    filter.name_contains = SPORVAKT_TRY(name_part_of(query));
    return filter;
}

Answered<std::size_t> limit_of(const Query& query) {
    const auto text = query.find("limit");
    if (!text) {
        return kPageRowsDefault;
    }
    std::size_t limit = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
    if (error != std::errc{} || end != text->data() + text->size() || limit == 0 ||
        limit > ledger::Reports::kPageMax) {
        return wrong("limit", "The limit must be 1 to 500.");
    }
    return limit;
}

Answered<Step> step_of(const Query& query) {
    constexpr std::array<Step, 3> kSteps{{
        {"10m", std::chrono::minutes{10}},
        {"1h", std::chrono::hours{1}},
        {"1d", std::chrono::days{1}},
    }};
    const auto text = query.find("step").value_or(kSteps[0].text);
    for (const auto& step : kSteps) {
        if (step.text == text) {
            return step;
        }
    }
    return wrong("step", "The step must be 10m, 1h or 1d.");
}

std::string nameless_slug(trackers::CompanyId id) {
    return fmt::format("{}{:08x}", kNamelessPrefix, static_cast<std::uint32_t>(id));
}

}  // namespace sporvakt::webui
