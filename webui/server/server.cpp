#include "webui/server/server.h"

#include "webui/server/access.h"
#include "webui/server/http_server.h"
#include "webui/server/live/live_feed.h"
#include "webui/server/page.h"
#include "webui/server/router.h"
#include "webui/server/rows.h"

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include <nlohmann/json.hpp>

namespace sporvakt::webui {
namespace {

constexpr std::chrono::seconds kBatchInterval{1};

std::string events_text(const ServerParts& parts, std::span<const ledger::Contact> contacts) {
    Rows rows(parts);
    auto events = nlohmann::json::array();
    for (const auto& contact : contacts) {
        events.push_back(rows.event(contact));
    }
    return json_text(events);
}

/// Flushes the feed once a second.
class Heartbeat {
public:
    explicit Heartbeat(LiveFeed& feed)
        : thread_([this, &feed](const std::stop_token& stop) { beat(feed, stop); }) {}

private:
    void beat(LiveFeed& feed, const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        while (!stop.stop_requested()) {
            wake_.wait_for(lock, stop, kBatchInterval, [] { return false; });
            feed.flush();
        }
    }

    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::jthread thread_;  // last: it uses what is above
};

}  // namespace

struct Server::Rooms {
    Rooms(ServerSettings asked, const ServerParts& given)
        : settings(std::move(asked)),
          parts(given),
          access(settings, parts),
          feed(parts.clock, [this](auto contacts) { return events_text(parts, contacts); }),
          router(settings, parts, access, feed, embedded_page()) {}

    const ServerSettings settings;
    const ServerParts parts;
    Access access;
    LiveFeed feed;
    const Router router;
    std::unique_ptr<HttpServer> http;
    std::unique_ptr<Heartbeat> heartbeat;
};

Result<std::unique_ptr<Server>> Server::start(ServerSettings settings, const ServerParts& parts) {
    auto rooms = std::make_unique<Rooms>(std::move(settings), parts);
    const HttpSite site{rooms->router, rooms->access, rooms->feed, rooms->parts.clock};
    rooms->http = SPORVAKT_TRY(HttpServer::start(rooms->settings.listen, site));
    rooms->heartbeat = std::make_unique<Heartbeat>(rooms->feed);
    return std::unique_ptr<Server>(new Server(std::move(rooms)));
}

Server::Server(std::unique_ptr<Rooms> rooms) : rooms_(std::move(rooms)) {}

Server::~Server() {
    stop();
}

const std::vector<Endpoint>& Server::endpoints() const {
    return rooms_->http->endpoints();
}

void Server::publish(const std::vector<ledger::Contact>& contacts) {
    rooms_->feed.publish(contacts);
}

void Server::erase(const ledger::Erasure& erasure) {
    rooms_->feed.erase(erasure);
}

void Server::stop() {
    rooms_->heartbeat.reset();
    rooms_->http->stop();
}

}  // namespace sporvakt::webui
