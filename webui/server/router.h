#pragma once

#include "webui/server/access.h"
#include "webui/server/live/live_feed.h"
#include "webui/server/page.h"
#include "webui/server/request.h"
#include "webui/server/response.h"
#include "webui/server/server.h"

#include <cstdint>
#include <optional>
#include <span>

namespace sporvakt::webui {

/// From a request to its answer: is this our name, is it our page that asks, who asks, and which
/// handler knows.  Thread-safe.
class Router {
public:
    /// All outlive the router.
    Router(const ServerSettings& settings, const ServerParts& parts, Access& access,
           const LiveFeed& feed, std::span<const Asset> page);

    [[nodiscard]] Response answer(const Request& request) const;

    /// Whether the request may become a live feed, and what it has seen already.
    [[nodiscard]] Answered<std::optional<std::uint64_t>> admit_live(const Request& request) const;

private:
    [[nodiscard]] Answered<Response> api_answer(const Request& request) const;

    const ServerSettings& settings_;
    const ServerParts& parts_;
    Access& access_;
    const LiveFeed& feed_;
    std::span<const Asset> page_;
};

}  // namespace sporvakt::webui
