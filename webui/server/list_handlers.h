#pragma once

#include "webui/server/call.h"

namespace sporvakt::webui {

/// The lists in force: what each holds, what it has in common with others, and what it prevented
/// (docs/api/openapi.yaml).
Answered<Response> get_lists(const Call& call);

}  // namespace sporvakt::webui
