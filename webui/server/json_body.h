#pragma once

#include "webui/server/request.h"
#include "webui/server/response.h"

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace sporvakt::webui {

/// A fault when the body came incomplete, or is too long.
Answered<void> check_arrival(const Request& request);

/// The body as a JSON object; no member twice in the outer one.  A fault when it came incomplete,
/// or is anything else.
Answered<nlohmann::json> object_body(const Request& request);

/// The one member that a request's body must have, and may have: {"password": "..."}.
///
/// A fault when it is anything else than an object with this one text member.
Answered<std::string> only_member(const Request& request, std::string_view name);

}  // namespace sporvakt::webui
