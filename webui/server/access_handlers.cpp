#include "webui/server/access_handlers.h"

#include "webui/server/json_body.h"
#include "webui/server/password.h"
#include "webui/server/rows.h"

#include <chrono>
#include <optional>
#include <ratio>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace sporvakt::webui {
namespace {

using nlohmann::json;

enum class SetUp : std::uint8_t { Needed, Done };

std::string session_json(const Call& call, SetUp set_up, const std::optional<Session>& session) {
    return json_text({{"authenticated", session.has_value()},
                      {"setup_needed", set_up == SetUp::Needed},
                      {"demonstration", call.access.is_demonstration()},
                      {"csrf_token", session ? json(session->csrf_token) : json()},
                      {"expires_at", session ? json(rfc3339(session->expires_at)) : json()}});
}

std::pair<std::string, std::string> cookie(const Call& call, const std::string& value) {
    std::string text = "sporvakt_session=" + value + "; Path=/; HttpOnly; SameSite=Strict";
    if (call.request.transport == Transport::Tls) {
        text += "; Secure";
    }
    if (value.empty()) {
        text += "; Max-Age=0";
    }
    return {"Set-Cookie", text};
}

json by_name(const std::vector<Figure>& figures) {
    json object = json::object();
    for (const auto& [name, count] : figures) {
        object[std::string(name)] = count;
    }
    return object;
}

json milliseconds_or_null(const std::optional<std::chrono::microseconds>& time) {
    return time ? json(std::chrono::duration<double, std::milli>(*time).count()) : json();
}

json resolver_json(const ResolverFigures& figures) {
    json ranges = json::array();
    for (const auto& [under, clients] : figures.waits.ranges) {
        ranges.push_back({{"under_ms", milliseconds_or_null(under)}, {"clients", clients}});
    }
    return {{"answered", figures.answered},
            {"stopped", figures.stopped},
            {"from_memory", figures.from_memory},
            {"waits",
             {{"median_ms", milliseconds_or_null(figures.waits.median)},
              {"p99_ms", milliseconds_or_null(figures.waits.slowest_in_100)},
              {"ranges", ranges}}},
            {"questions", by_name(figures.questions)},
            {"counts", by_name(figures.counts)}};
}

json sniffer_json(const SnifferFigures& figures) {
    json interfaces = json::array();
    for (const auto& [name, state, received, dropped] : figures.interfaces) {
        interfaces.push_back(
            {{"name", name}, {"state", state}, {"received", received}, {"dropped", dropped}});
    }
    return {{"interfaces", interfaces}, {"counts", by_name(figures.counts)}};
}

Response logged_in(const Call& call, const Session& session, int status) {
    Response response = Response::json(session_json(call, SetUp::Done, session));
    response.status = status;
    response.headers.push_back(cookie(call, session.token));
    return response;
}

}  // namespace

Answered<Response> get_health(const Call& call) {
    const Status status = call.parts.status.status();
    json health{{"status", status.health == Status::Health::Ok ? "ok" : "degraded"}};
    // Numbers alone tell a stranger when somebody is at home.
    if (call.access.is_demonstration() || call.access.session_of(call.request)) {
        health["resolver"] = resolver_json(call.parts.status.resolver());
        health["sniffer"] = sniffer_json(call.parts.status.sniffer());
    }
    return Response::json(json_text(health));
}

Answered<Response> get_session(const Call& call) {
    const bool is_set_up = SPORVAKT_TRY(call.access.is_set_up());
    return Response::json(session_json(call, is_set_up ? SetUp::Done : SetUp::Needed,
                                       call.access.session_of(call.request)));
}

Answered<Response> post_setup(const Call& call) {
    const auto password = SPORVAKT_TRY(only_member(call.request, "password"));
    if (password.size() < kPasswordBytesMin || password.size() > kPasswordBytesMax) {
        return refuse(Problem::InvalidBody, "A password has 10 to 256 bytes.", "password");
    }
    return logged_in(call, SPORVAKT_TRY(call.access.set_up(password)), 201);
}

Answered<Response> post_session(const Call& call) {
    const auto password = SPORVAKT_TRY(only_member(call.request, "password"));
    // Longer ones are not worth hashing; shorter ones count as tries like any other.
    if (password.size() > kPasswordBytesMax) {
        return refuse(Problem::InvalidBody, "A password has at most 256 bytes.", "password");
    }
    const auto login = call.access.log_in(call.request, password);
    if (login.session) {
        return logged_in(call, *login.session, 200);
    }
    Response response = problem(login.session.error());
    if (login.retry_after) {
        response.headers.emplace_back("Retry-After", std::to_string(login.retry_after->count()));
    }
    return response;
}

Answered<Response> delete_session(const Call& call) {
    call.access.log_out(call.request);
    Response response = Response::no_content();
    response.headers.push_back(cookie(call, ""));
    return response;
}

}  // namespace sporvakt::webui
