#pragma once

#include "core/base/ip_address.h"
#include "core/base/result.h"
#include "webui/server/access.h"
#include "webui/server/live/live_feed.h"
#include "webui/server/router.h"

#include <memory>
#include <string>
#include <vector>

namespace sporvakt::webui {

/// What answers.  All of it outlives the server and is thread-safe.
struct HttpSite {
    const Router& router;
    const Access& access;
    LiveFeed& feed;
    const Clock& clock;
};

/// HTTP/1.1 and WebSocket on sockets, by CivetWeb; nothing of CivetWeb shows outside this unit.
///
/// 32 connections are served at a time, each by a thread; the next wait.  A request must come
/// within 10 seconds, a connection that is kept open asks again within 5.
class HttpServer {
public:
    static Result<std::unique_ptr<HttpServer>> start(const std::vector<Endpoint>& listen,
                                                     const HttpSite& site);

    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;
    HttpServer(HttpServer&&) = delete;
    HttpServer& operator=(HttpServer&&) = delete;
    ~HttpServer();

    [[nodiscard]] const std::vector<Endpoint>& endpoints() const { return endpoints_; }

    /// Ends every connection; returns when all threads are gone.
    void stop();

private:
    struct Running;
    HttpServer(std::unique_ptr<Running> running, std::vector<Endpoint> endpoints);

    std::unique_ptr<Running> running_;
    std::vector<Endpoint> endpoints_;
};

/// The status line and all headers of an answer, with those that every answer has.
enum class Connection : std::uint8_t { KeepAlive, Close };
std::string response_head(const Response& response, Connection connection, Timestamp now);

}  // namespace sporvakt::webui
