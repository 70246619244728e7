#include "webui/server/json_body.h"

#include <nlohmann/json.hpp>

namespace sporvakt::webui {
namespace {

/// Whether a name comes twice in the outer object: two readers could believe two values.
class OneOfEach {
public:
    bool operator()(int depth, nlohmann::json::parse_event_t event, nlohmann::json& /*parsed*/) {
        if (depth == 1 && event == nlohmann::json::parse_event_t::key) {
            ++member_count_;
        }
        return true;
    }

    [[nodiscard]] std::size_t member_count() const { return member_count_; }

private:
    std::size_t member_count_ = 0;
};

}  // namespace

Answered<void> check_arrival(const Request& request) {
    if (request.body_state == BodyState::TooLarge) {
        return refuse(Problem::TooLarge, "The body may have at most 64 KiB.");
    }
    if (request.body_state != BodyState::Whole) {
        return refuse(Problem::InvalidBody, "The body must come whole, with its Content-Length.");
    }
    return {};
}

Answered<nlohmann::json> object_body(const Request& request) {
    SPORVAKT_TRY(check_arrival(request));
    if (request.content_type != "application/json") {
        return refuse(Problem::NotJson, "The body must be application/json.");
    }
    OneOfEach members;
    auto body = nlohmann::json::parse(request.body, std::ref(members), false);
    if (body.is_discarded() || !body.is_object()) {
        return refuse(Problem::InvalidBody, "The body must be a JSON object.");
    }
    if (members.member_count() != body.size()) {
        return refuse(Problem::InvalidBody, "A member stands there twice.");
    }
    return body;
}

Answered<std::string> only_member(const Request& request, std::string_view name) {
    const auto body = SPORVAKT_TRY(object_body(request));
    const auto member = body.find(name);
    if (member == body.end() || !member->is_string()) {
        return refuse(Problem::InvalidBody, "A text member is missing.", std::string(name));
    }
    if (body.size() != 1) {
        return refuse(Problem::InvalidBody, "No other member is known here.");
    }
    return member->get<std::string>();
}

}  // namespace sporvakt::webui
