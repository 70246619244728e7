#pragma once

#include "webui/server/access.h"
#include "webui/server/live/live_feed.h"
#include "webui/server/request.h"
#include "webui/server/response.h"
#include "webui/server/server.h"

#include <string>
#include <string_view>

namespace sporvakt::webui {

/// What a handler is called with.  The caller has checked the host, the origin, who asks, and the
/// names of the query parameters.
struct Call {
    const Request& request;
    std::string_view id;  ///< The part of the path that the route leaves open; may be empty.
    const ServerSettings& settings;
    const ServerParts& parts;
    Access& access;
    const LiveFeed& feed;
};

/// A plain function from values to a value.
using Handler = Answered<Response> (*)(const Call& call);

/// A report that could not be read.
template <class T>
Answered<T> from_ledger(Result<T> report) {
    if (report) {
        return std::move(*report);
    }
    // Only the cursor of what we pass on can be wrong in the ledger's eyes.
    if (report.error().code == Errc::InvalidInput) {
        return refuse(Problem::InvalidParameter, report.error().message, "cursor");
    }
    return refuse(Problem::Unavailable, report.error().message);
}

}  // namespace sporvakt::webui
