#pragma once

#include "webui/server/call.h"

namespace sporvakt::webui {

// First password, login and health (docs/api/openapi.yaml).

/// What the resolver did is told only to those who may read reports.
Answered<Response> get_health(const Call& call);
Answered<Response> get_session(const Call& call);
Answered<Response> post_setup(const Call& call);
Answered<Response> post_session(const Call& call);
Answered<Response> delete_session(const Call& call);

}  // namespace sporvakt::webui
