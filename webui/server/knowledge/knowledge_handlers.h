#pragma once

#include "webui/server/call.h"

namespace sporvakt::webui {

/// GET /companies/{id}: what is known of a company, and its contacts here in short.
Answered<Response> get_company(const Call& call);

/// GET /decisions: what authorities decided, newest first.
Answered<Response> get_decisions(const Call& call);

}  // namespace sporvakt::webui
