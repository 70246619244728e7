#pragma once

#include "webui/server/call.h"

namespace sporvakt::webui {

// Sums over contacts: by device, company, both, or time (docs/api/openapi.yaml).

Answered<Response> get_summary(const Call& call);
Answered<Response> get_devices(const Call& call);
Answered<Response> get_companies(const Call& call);
Answered<Response> get_matrix(const Call& call);
Answered<Response> get_series(const Call& call);

}  // namespace sporvakt::webui
