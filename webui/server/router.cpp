#include "webui/server/router.h"

#include "webui/server/access_handlers.h"
#include "webui/server/call.h"
#include "webui/server/changes/change_handlers.h"
#include "webui/server/changes/erase_handlers.h"
#include "webui/server/changes/policy_handlers.h"
#include "webui/server/contact_handlers.h"
#include "webui/server/filter_query.h"
#include "webui/server/knowledge/knowledge_handlers.h"
#include "webui/server/list_handlers.h"
#include "webui/server/sum_handlers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace sporvakt::webui {
namespace {

using Parameters = std::span<const std::string_view>;

constexpr std::array<std::string_view, 9> kSeriesParameters{
    "range", "from", "to", "device", "company", "result", "purpose", "q", "step"};
constexpr std::array<std::string_view, 9> kContactParameters{
    "range", "from", "to", "device", "company", "result", "purpose", "q", "limit"};
constexpr std::array<std::string_view, 10> kEventParameters{
    "range", "from", "to", "device", "company", "result", "purpose", "q", "limit", "cursor"};
constexpr std::array<std::string_view, 3> kSpanParameters{"range", "from", "to"};
constexpr std::array<std::string_view, 3> kEraseParameters{"device", "from", "to"};
constexpr std::array<std::string_view, 1> kLiveParameters{"since"};
constexpr std::array<std::string_view, 2> kLookupParameters{"type", "device"};
constexpr std::array<std::string_view, 1> kPauseParameters{"what"};
constexpr std::array<std::string_view, 1> kGroupParameters{"group"};
constexpr std::array<std::string_view, 1> kPolicyFormatParameters{"format"};
constexpr std::array<std::string_view, 1> kDryRunParameters{"dry_run"};

Answered<Response> get_live(const Call& /*call*/) {
    return refuse(Problem::UpgradeNeeded, "This address speaks WebSocket only.");
}

/// One row of the API.  `place` is the path below /api/v1; where `rest` is One, a single part
/// follows that the handler reads.
struct Route {
    enum class Rest : std::uint8_t { None, One };

    Method method;
    std::string_view place;
    Rest rest;
    Need need;
    Parameters parameters;
    Handler handler;

    [[nodiscard]] bool is_at(const std::vector<std::string>& path) const {
        // {"api", "v1", place} and perhaps one more
        return path.size() == (rest == Rest::One ? 4U : 3U) && path[2] == place;
    }
};

constexpr auto kNone = Route::Rest::None;
constexpr auto kOne = Route::Rest::One;

constexpr auto kRoutes = std::to_array<Route>({
    {Method::Get, "summary", kNone, Need::MayRead, kFilterParameters, get_summary},
    {Method::Get, "devices", kNone, Need::MayRead, kFilterParameters, get_devices},
    {Method::Get, "companies", kNone, Need::MayRead, kFilterParameters, get_companies},
    {Method::Get, "companies", kOne, Need::MayRead, kSpanParameters, get_company},
    {Method::Get, "decisions", kNone, Need::MayRead, {}, get_decisions},
    {Method::Get, "lists", kNone, Need::MayRead, kFilterParameters, get_lists},
    {Method::Get, "contacts", kNone, Need::MayRead, kContactParameters, get_contacts},
    {Method::Get, "matrix", kNone, Need::MayRead, kFilterParameters, get_matrix},
    {Method::Get, "series", kNone, Need::MayRead, kSeriesParameters, get_series},
    {Method::Get, "events", kNone, Need::MayRead, kEventParameters, get_events},
    {Method::Get, "recent", kNone, Need::MayRead, kEventParameters, get_recent},
    {Method::Get, "live", kNone, Need::MayRead, kLiveParameters, get_live},
    {Method::Get, "purposes", kNone, Need::MayRead, {}, get_purposes},
    {Method::Patch, "devices", kOne, Need::MayChange, {}, patch_device},
    {Method::Delete, "devices", kOne, Need::MayChange, {}, delete_device},
    {Method::Delete, "history", kNone, Need::MayChange, kEraseParameters, delete_history},
    {Method::Get, "policy", kNone, Need::MayRead, kPolicyFormatParameters, get_policy},
    {Method::Put, "policy", kNone, Need::MayChange, kDryRunParameters, put_policy},
    {Method::Get, "lookup", kOne, Need::MayRead, kLookupParameters, get_lookup},
    {Method::Put, "groups", kOne, Need::MayChange, {}, put_group},
    {Method::Delete, "groups", kOne, Need::MayChange, {}, delete_group},
    {Method::Post, "pauses", kNone, Need::MayChange, {}, post_pause},
    {Method::Delete, "pauses", kOne, Need::MayChange, kPauseParameters, delete_pause},
    {Method::Put, "rules", kOne, Need::MayChange, {}, put_rule},
    {Method::Delete, "rules", kOne, Need::MayChange, kGroupParameters, delete_rule},
    {Method::Post, "setup", kNone, Need::Nothing, {}, post_setup},
    {Method::Get, "session", kNone, Need::Nothing, {}, get_session},
    {Method::Post, "session", kNone, Need::Nothing, {}, post_session},
    {Method::Delete, "session", kNone, Need::MayChange, {}, delete_session},
    {Method::Get, "health", kNone, Need::Nothing, {}, get_health},
});

std::string_view method_text(Method method) {
    constexpr std::array<std::string_view, 7> kTexts{"GET",   "HEAD",   "POST", "PUT",
                                                     "PATCH", "DELETE", ""};
    return kTexts.at(static_cast<std::size_t>(method));
}

/// What may be done at a path, as an Allow header says it; empty where there is nothing.
std::string allowed_methods(const std::vector<std::string>& path) {
    std::string allowed;
    for (const auto& route : kRoutes) {
        if (route.is_at(path)) {
            allowed += allowed.empty() ? "" : ", ";
            allowed += method_text(route.method);
            allowed += route.method == Method::Get ? ", HEAD" : "";
        }
    }
    return allowed;
}

Answered<void> check_parameters(const Query& query, Parameters known) {
    if (const auto name = query.first_unexpected(known)) {
        return refuse(Problem::UnknownParameter,
                      "There is no query parameter '" + *name + "' here, or it comes twice.",
                      *name);
    }
    return {};
}

Response from(Answered<Response> answered) {
    Response response = answered ? std::move(*answered) : problem(answered.error());
    // What a household does belongs in no cache, not even the browser's.
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

}  // namespace

Router::Router(const ServerSettings& settings, const ServerParts& parts, Access& access,
               const LiveFeed& feed, std::span<const Asset> page)
    : settings_(settings), parts_(parts), access_(access), feed_(feed), page_(page) {}

Response Router::answer(const Request& request) const {
    if (const auto checked = access_.check_host(request); !checked) {
        return problem(checked.error());
    }
    if (!request.path.empty() && request.path.front() == "api") {
        return from(api_answer(request));
    }
    return page_answer(request, page_);
}

Answered<Response> Router::api_answer(const Request& request) const {
    const auto& path = request.path;
    const bool is_ours = path.size() > 2 && path[1] == "v1";
    const auto allowed = is_ours ? allowed_methods(path) : std::string();
    if (allowed.empty()) {
        return refuse(Problem::NotFound, "API v1 has no such address.");
    }
    const Method method = request.method == Method::Head ? Method::Get : request.method;
    const auto* const route = std::find_if(kRoutes.begin(), kRoutes.end(), [&](const Route& r) {
        return r.method == method && r.is_at(path);
    });
    if (route == kRoutes.end()) {
        Response refused =
            problem({Problem::MethodNotAllowed, "This address takes only: " + allowed + ".", {}});
        refused.headers.emplace_back("Allow", allowed);
        return refused;
    }
    if (request.changes_something()) {
        SPORVAKT_TRY(access_.check_origin(request));
    }
    SPORVAKT_TRY(access_.check(request, route->need));
    SPORVAKT_TRY(check_parameters(request.query, route->parameters));
    const Call call{request,   route->rest == kOne ? std::string_view(path[3]) : std::string_view(),
                    settings_, parts_,
                    access_,   feed_};
    return route->handler(call);
}

Answered<std::optional<std::uint64_t>> Router::admit_live(const Request& request) const {
    SPORVAKT_TRY(access_.check_host(request));
    SPORVAKT_TRY(access_.check_origin(request));
    SPORVAKT_TRY(access_.check(request, Need::MayRead));
    SPORVAKT_TRY(check_parameters(request.query, kLiveParameters));
    const auto text = request.query.find("since");
    if (!text) {
        return std::optional<std::uint64_t>{};
    }
    std::uint64_t since = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), since);
    if (error != std::errc{} || end != text->data() + text->size()) {
        return refuse(Problem::InvalidParameter, "since is the seq of the last message.", "since");
    }
    return std::optional{since};
}

}  // namespace sporvakt::webui
