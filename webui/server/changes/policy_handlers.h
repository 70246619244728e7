#pragma once

#include "webui/server/call.h"

namespace sporvakt::webui {

// The household's policy: groups, pauses, and what becomes of a name (docs/api/openapi.yaml).

Answered<Response> get_policy(const Call& call);
Answered<Response> put_policy(const Call& call);
Answered<Response> put_group(const Call& call);
Answered<Response> delete_group(const Call& call);
Answered<Response> post_pause(const Call& call);
Answered<Response> delete_pause(const Call& call);
Answered<Response> get_lookup(const Call& call);

}  // namespace sporvakt::webui
