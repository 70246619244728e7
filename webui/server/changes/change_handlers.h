#pragma once

#include "webui/server/call.h"

namespace sporvakt::webui {

// What the household wants changed; carried out by the keeper (docs/api/openapi.yaml).

Answered<Response> patch_device(const Call& call);
Answered<Response> put_rule(const Call& call);
Answered<Response> delete_rule(const Call& call);

}  // namespace sporvakt::webui
