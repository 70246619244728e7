#pragma once

#include "webui/server/request.h"
#include "webui/server/response.h"

#include <string>
#include <string_view>

namespace sporvakt::webui {

/// The one member that a request's body must have, and may have: {"password": "..."}.
///
/// A fault when the body came incomplete, is not JSON, or is anything else than an object with this
/// one text member.  Every body of API v1 has this form.
Answered<std::string> only_member(const Request& request, std::string_view name);

}  // namespace sporvakt::webui
