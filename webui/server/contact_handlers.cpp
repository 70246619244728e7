#include "webui/server/contact_handlers.h"

#include "webui/server/filter_query.h"
#include "webui/server/rows.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace sporvakt::webui {
namespace {

using nlohmann::json;

/// What one device had to do with one name.
struct NameSum {
    trackers::CompanyId company = trackers::CompanyId::None;  ///< As of the newest contact.
    trackers::Purpose purpose = trackers::Purpose::Unknown;
    std::uint64_t leaked = 0;
    std::uint64_t prevented = 0;
    std::uint64_t attempts = 0;
    std::uint64_t bytes_up = 0;
    std::uint64_t bytes_down = 0;
    Timestamp first;
    Timestamp last;
};

using NameSums = std::map<std::pair<devices::DeviceId, std::string>, NameSum>;

enum class Reading : std::uint8_t { Complete, CutShort };

void add(NameSums& sums, const ledger::Contact& contact) {
    const auto [entry, is_new] = sums.try_emplace({contact.device, contact.name});
    NameSum& sum = entry->second;
    if (is_new) {
        sum = {.company = contact.company,
               .purpose = contact.purpose,
               .first = contact.first,
               .last = contact.last};
    }
    (contact.outcome == ledger::Outcome::Leaked ? sum.leaked : sum.prevented) += contact.contacts;
    sum.attempts += contact.attempts;
    sum.bytes_up += contact.bytes_up;
    sum.bytes_down += contact.bytes_down;
    sum.first = std::min(sum.first, contact.first);
    sum.last = std::max(sum.last, contact.last);
}

Answered<Reading> add_up(const ledger::Reports& reports, const ledger::Filter& filter,
                         NameSums& sums) {
    std::string cursor;
    for (std::size_t read = 0; read < kAddedUpMax; read += ledger::Reports::kPageMax) {
        const auto page =
            SPORVAKT_TRY(from_ledger(reports.contacts(filter, cursor, ledger::Reports::kPageMax)));
        for (const auto& contact : page.contacts) {
            add(sums, contact);
        }
        if (!page.next) {
            return Reading::Complete;
        }
        cursor = *page.next;
    }
    return Reading::CutShort;
}

/// Most leaked first, then most prevented, then newest.
std::vector<NameSums::const_iterator> ranked(const NameSums& sums) {
    std::vector<NameSums::const_iterator> order;
    order.reserve(sums.size());
    for (auto sum = sums.begin(); sum != sums.end(); ++sum) {
        order.push_back(sum);
    }
    std::stable_sort(order.begin(), order.end(), [](const auto& left, const auto& right) {
        const NameSum& a = left->second;
        const NameSum& b = right->second;
        return std::tie(a.leaked, a.prevented, a.last) > std::tie(b.leaked, b.prevented, b.last);
    });
    return order;
}

json contact_json(const NameSums::value_type& entry, Rows& rows) {
    const auto& [key, sum] = entry;
    return {{"device", rows.device_ref(key.first)},
            {"name", key.second},
            {"company", rows.company(sum.company)},
            {"purpose", {{"id", trackers::purpose_info(sum.purpose).id}}},
            {"leaked", sum.leaked},
            {"prevented", sum.prevented},
            {"attempts", sum.attempts},
            {"bytes_up", sum.bytes_up},
            {"bytes_down", sum.bytes_down},
            {"first", rfc3339(sum.first)},
            {"last", rfc3339(sum.last)}};
}

/// Where a page of raw events goes on.
Answered<std::optional<std::uint64_t>> number_before(const Query& query) {
    const auto text = query.find("cursor");
    if (!text || text->empty()) {
        return std::optional<std::uint64_t>{};
    }
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc{} || end != text->data() + text->size()) {
        return refuse(Problem::InvalidParameter, "the cursor is not one that was given out",
                      "cursor");
    }
    return std::optional{number};
}

std::string_view treatment_text(trackers::DefaultTreatment treatment) {
    switch (treatment) {
        case trackers::DefaultTreatment::Block:
            return "block";
        case trackers::DefaultTreatment::Report:
            return "report";
        case trackers::DefaultTreatment::Allow:
            break;
    }
    return "allow";
}

}  // namespace

Answered<Response> get_contacts(const Call& call) {
    Rows rows(call.parts);
    const auto& query = call.request.query;
    const auto filter = SPORVAKT_TRY(filter_of(query, rows.policy(), call.parts.clock));
    const auto limit = SPORVAKT_TRY(limit_of(query));
    NameSums sums;
    const auto reading = SPORVAKT_TRY(add_up(call.parts.reports, filter, sums));
    json list = json::array();
    for (const auto& sum : ranked(sums)) {
        if (list.size() == limit) {
            break;
        }
        list.push_back(contact_json(*sum, rows));
    }
    const bool is_complete = reading == Reading::Complete && list.size() == sums.size();
    return Response::json(json_text({{"from", rfc3339(filter.from)},
                                     {"to", rfc3339(filter.to)},
                                     {"contacts", std::move(list)},
                                     {"complete", is_complete}}));
}

Answered<Response> get_events(const Call& call) {
    Rows rows(call.parts);
    const auto& query = call.request.query;
    const auto filter = SPORVAKT_TRY(filter_of(query, rows.policy(), call.parts.clock));
    const auto limit = SPORVAKT_TRY(limit_of(query));
    const std::string cursor(query.find("cursor").value_or(""));
    const auto page = SPORVAKT_TRY(from_ledger(call.parts.reports.contacts(filter, cursor, limit)));
    json list = json::array();
    for (const auto& contact : page.contacts) {
        list.push_back(rows.event(contact));
    }
    return Response::json(json_text({{"from", rfc3339(filter.from)},
                                     {"to", rfc3339(filter.to)},
                                     {"events", std::move(list)},
                                     {"next", page.next ? json(*page.next) : json()}}));
}

Answered<Response> get_recent(const Call& call) {
    Rows rows(call.parts);
    const auto& query = call.request.query;
    const auto filter = SPORVAKT_TRY(filter_of(query, rows.policy(), call.parts.clock));
    const auto limit = SPORVAKT_TRY(limit_of(query));
    const auto before = SPORVAKT_TRY(number_before(query));
    const auto page = call.feed.page(filter, before, limit);
    json list = json::array();
    for (const auto& [seq, contact] : page.contacts) {
        list.push_back({{"seq", seq}, {"event", rows.event(contact)}});
    }
    return Response::json(
        json_text({{"from", rfc3339(filter.from)},
                   {"to", rfc3339(filter.to)},
                   {"states", std::move(list)},
                   {"next", page.next ? json(std::to_string(*page.next)) : json()}}));
}

Answered<Response> get_purposes(const Call& /*call*/) {
    json list = json::array();
    for (const auto& info : trackers::all_purposes()) {
        list.push_back({{"id", info.id},
                        {"label_en", info.label_english},
                        {"label_nb", info.label_norwegian},
                        {"treatment", treatment_text(info.treatment)},
                        {"severity", info.severity},
                        {"tracking", trackers::is_tracking(info.purpose)}});
    }
    return Response::json(json_text({{"purposes", std::move(list)}}));
}

}  // namespace sporvakt::webui
