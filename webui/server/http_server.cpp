#include "webui/server/http_server.h"

#include "core/base/log.h"

#include <algorithm>
#include <array>
#include <exception>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>

#include <civetweb.h>
#include <fmt/format.h>

namespace sporvakt::webui {
namespace {

constexpr std::string_view kLivePath = "/api/v1/live";
constexpr std::size_t kDrainMax = std::size_t{1024} * 1024;
constexpr std::chrono::seconds kLivePatience{15};

// Close codes of RFC 6455 §7.4.1, as two bytes in network order.
constexpr std::string_view kGoingAway{"\x03\xe9", 2};   // 1001
constexpr std::string_view kNotAllowed{"\x03\xf0", 2};  // 1008

/// On every answer.  The page is our own files only, and nothing is ever asked of anybody else.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kHeadersOfAll{{
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
     "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
     "require-trusted-types-for 'script'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
}};

/// "Sat, 21 Nov 2026 23:05:07 GMT" (RFC 9110 §5.6.7).
std::string http_date(Timestamp at) {
    constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed",
                                                    "Thu", "Fri", "Sat"};
    constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(at - day));
    return fmt::format(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
        kDays.at(std::chrono::weekday(day).c_encoding()), static_cast<unsigned>(date.day()),
        kMonths.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()),
        time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::string_view text_of(const char* text) {
    return text == nullptr ? std::string_view() : std::string_view(text);
}

bool may_have_body(int status) {
    return status != 204 && status != 304;
}

/// As CivetWeb decides it, so that what we announce is what it does.
Connection wished_connection(const mg_connection* connection) {
    const auto wish = text_of(mg_get_header(connection, "Connection"));
    if (!wish.empty()) {
        return wish.find("keep-alive") != std::string_view::npos ? Connection::KeepAlive
                                                                 : Connection::Close;
    }
    const auto version = text_of(mg_get_request_info(connection)->http_version);
    return version == "1.1" ? Connection::KeepAlive : Connection::Close;
}

void write_response(mg_connection* connection, const Response& response, Connection wish,
                    Timestamp now) {
    std::string text = response_head(response, wish, now);
    const bool is_head = text_of(mg_get_request_info(connection)->request_method) == "HEAD";
    if (may_have_body(response.status) && !is_head) {
        text += response.body;
    }
    mg_write(connection, text.data(), text.size());
}

struct Body {
    std::string bytes{};
    BodyState state = BodyState::Whole;
    bool is_read = true;  ///< Nothing of it is left on the connection.
};

/// Reads at most `most` bytes of what is announced; fewer when the client does not send them.
std::string read_bytes(mg_connection* connection, std::size_t most) {
    std::string bytes(most, '\0');
    const int count = mg_read(connection, bytes.data(), bytes.size());
    bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return bytes;
}

/// A body that is refused is still read when that ends soon: closing on it would make the client
/// lose our answer.
bool drain(mg_connection* connection, std::size_t length) {
    if (length > kDrainMax) {
        return false;
    }
    for (std::size_t left = length; left > 0;) {
        const auto bytes = read_bytes(connection, std::min(left, Request::kBodyMax));
        if (bytes.empty()) {
            return false;
        }
        left -= bytes.size();
    }
    return true;
}

Body read_body(mg_connection* connection) {
    if (mg_get_header(connection, "Transfer-Encoding") != nullptr) {
        return {.state = BodyState::Chunked, .is_read = false};  // no browser does
    }
    const auto announced = mg_get_request_info(connection)->content_length;
    if (announced <= 0) {
        return {};
    }
    const auto length = static_cast<std::size_t>(announced);
    if (length > Request::kBodyMax) {
        return {.state = BodyState::TooLarge, .is_read = drain(connection, length)};
    }
    Body body{.bytes = read_bytes(connection, length)};
    if (body.bytes.size() < length) {
        body.state = BodyState::Cut;
        body.is_read = false;
    }
    return body;
}

Parsed<Request> request_of(const mg_connection* connection, const Body& body) {
    const mg_request_info& info = *mg_get_request_info(connection);
    RawRequest raw;
    raw.method = text_of(info.request_method);
    raw.path = text_of(info.local_uri_raw);
    raw.query = text_of(info.query_string);
    for (int i = 0; i < info.num_headers; ++i) {
        raw.headers.emplace_back(text_of(info.http_headers[i].name),
                                 text_of(info.http_headers[i].value));
    }
    raw.body = body.bytes;
    raw.body_state = body.state;
    raw.client = SPORVAKT_TRY(IpAddress::from_text(text_of(info.remote_addr)));
    raw.transport = info.is_ssl != 0 ? Transport::Tls : Transport::Plain;
    return Request::from_raw(raw);
}

Response malformed(ParseError error) {
    return problem({Problem::BadRequest,
                    error == ParseError::LimitExceeded ? "The request is over a limit."
                                                       : "The request is malformed.",
                    {}});
}

/// Whether CivetWeb should try the handshake of the live feed; it checks the rest itself.
bool asks_for_live_feed(const mg_connection* connection) {
    const auto& info = *mg_get_request_info(connection);
    const char* const upgrade = mg_get_header(connection, "Upgrade");
    return text_of(info.request_method) == "GET" && text_of(info.local_uri_raw) == kLivePath &&
           upgrade != nullptr && mg_strcasecmp(upgrade, "websocket") == 0;
}

/// One page that is open, and the thread that writes to it.
class LiveSocket {
public:
    LiveSocket(mg_connection* connection, const HttpSite& site,
               std::shared_ptr<LiveSubscription> subscription, std::string session)
        : connection_(connection),
          site_(site),
          subscription_(std::move(subscription)),
          session_(std::move(session)) {}
    LiveSocket(const LiveSocket&) = delete;
    LiveSocket& operator=(const LiveSocket&) = delete;
    LiveSocket(LiveSocket&&) = delete;
    LiveSocket& operator=(LiveSocket&&) = delete;
    ~LiveSocket() { site_.feed.unsubscribe(subscription_); }

    void start() {
        writer_ = std::jthread([this] { write_on(); });
    }

    /// Returns when the writer is gone: at once, or when its present write fails or times out.
    void stop() {
        subscription_->close();
        writer_ = {};
    }

private:
    void write_on() {
        for (;;) {
            const auto next = subscription_->next(kLivePatience);
            if (std::holds_alternative<LiveSubscription::Ended>(next)) {
                close_with(kGoingAway);
                return;
            }
            if (!site_.access.may_go_on(session_)) {
                close_with(kNotAllowed);
                return;
            }
            const auto* const message = std::get_if<LiveSubscription::Message>(&next);
            if (message != nullptr && !send(**message)) {
                subscription_->close();
                return;
            }
        }
    }

    bool send(const std::string& text) {
        return mg_websocket_write(connection_, MG_WEBSOCKET_OPCODE_TEXT, text.data(), text.size()) >
               0;
    }

    void close_with(std::string_view code) {
        mg_websocket_write(connection_, MG_WEBSOCKET_OPCODE_CONNECTION_CLOSE, code.data(),
                           code.size());
    }

    mg_connection* connection_;
    const HttpSite& site_;
    std::shared_ptr<LiveSubscription> subscription_;
    std::string session_;
    std::jthread writer_;
};

}  // namespace

std::string response_head(const Response& response, Connection connection, Timestamp now) {
    std::string head = fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\nConnection: {}\r\n",
                                   response.status, reason_phrase(response.status), http_date(now),
                                   connection == Connection::KeepAlive ? "keep-alive" : "close");
    if (!response.content_type.empty()) {
        head += fmt::format("Content-Type: {}\r\n", response.content_type);
    }
    if (may_have_body(response.status)) {
        head += fmt::format("Content-Length: {}\r\n", response.body.size());
    }
    for (const auto& [name, value] : kHeadersOfAll) {
        head += fmt::format("{}: {}\r\n", name, value);
    }
    for (const auto& [name, value] : response.headers) {
        head += fmt::format("{}: {}\r\n", name, value);
    }
    return head + "\r\n";
}

struct HttpServer::Running {
    explicit Running(const HttpSite& answering) : site(answering) {}

    // What CivetWeb calls, on threads of its own.  Each finds the server by the context's user
    // data.
    static int on_log(const mg_connection* connection, const char* text);
    static int on_request(mg_connection* connection);
    static int on_error(mg_connection* connection, int status, const char* text);
    static int on_live_connect(const mg_connection* connection, void* data);
    static void on_live_ready(mg_connection* connection, void* data);
    static int on_live_data(mg_connection* connection, int bits, char* bytes, std::size_t length,
                            void* data);
    static void on_live_close(const mg_connection* connection, void* data);
    static void on_connection_close(const mg_connection* connection);

    static Running& of(const mg_connection* connection) {
        return *static_cast<Running*>(mg_get_user_data(mg_get_context(connection)));
    }
    static LiveSocket* live_socket_of(const mg_connection* connection) {
        return static_cast<LiveSocket*>(mg_get_user_connection_data(connection));
    }

    Result<std::vector<Endpoint>> start(const std::vector<Endpoint>& listen);
    [[nodiscard]] std::string start_fault() const;
    int answer(mg_connection* connection, const Response& response, bool is_body_read) const;
    [[nodiscard]] Response answer_or_fail(const Request& request) const;

    const HttpSite site;
    mg_context* context = nullptr;
    mutable std::mutex log_mutex;
    std::string start_log;  ///< What CivetWeb said while it started.
};

int HttpServer::Running::on_log(const mg_connection* connection, const char* text) {
    if (connection != nullptr && mg_get_context(connection) != nullptr &&
        mg_get_user_data(mg_get_context(connection)) != nullptr) {
        Running& running = of(connection);
        const std::lock_guard lock(running.log_mutex);
        // Later lines are about single clients, and could name what they asked for.
        if (running.context == nullptr) {
            running.start_log += running.start_log.empty() ? "" : "; ";
            running.start_log += text_of(text);
        }
    }
    return 1;  // said; CivetWeb writes nothing of its own
}

int HttpServer::Running::answer(mg_connection* connection, const Response& response,
                                bool is_body_read) const {
    const auto wish = is_body_read ? wished_connection(connection) : Connection::Close;
    write_response(connection, response, wish, site.clock.now());
    // Below zero, CivetWeb does not wait for the rest of a body and closes (its handle_request).
    return is_body_read ? response.status : -1;
}

Response HttpServer::Running::answer_or_fail(const Request& request) const {
    try {
        return site.router.answer(request);
    } catch (const std::exception& thrown) {
        // Nothing may pass into C.  That memory runs out, or a library throws after all, costs this
        // answer and not those of everybody else.
        log::error(std::string("An answer of the web server failed: ") + thrown.what());
        return problem({Problem::Internal, "The appliance made a mistake; its log has more.", {}});
    }
}

int HttpServer::Running::on_request(mg_connection* connection) {
    const Running& running = of(connection);
    if (asks_for_live_feed(connection)) {
        return 0;  // go on to the handshake: on_live_connect
    }
    const Body body = read_body(connection);
    const auto request = request_of(connection, body);
    const Response response =
        request ? running.answer_or_fail(*request) : malformed(request.error());
    return running.answer(connection, response, body.is_read);
}

int HttpServer::Running::on_error(mg_connection* connection, int status, const char* text) {
    write_response(connection, problem_of_status(status, text_of(text)), Connection::Close,
                   of(connection).site.clock.now());
    return 0;
}

int HttpServer::Running::on_live_connect(const mg_connection* connection, void* /*data*/) {
    constexpr int kRefused = 1;
    const Running& running = of(connection);
    // CivetWeb's own examples answer in this callback, too: only its type says const.
    auto* const writable = const_cast<mg_connection*>(connection);
    const auto request = request_of(connection, {});
    if (!request) {
        running.answer(writable, malformed(request.error()), false);
        return kRefused;
    }
    const auto since = running.site.router.admit_live(*request);
    if (!since) {
        running.answer(writable, problem(since.error()), false);
        return kRefused;
    }
    auto subscription = running.site.feed.subscribe(*since);
    if (!subscription) {
        running.answer(writable,
                       problem({Problem::Unavailable, "Too many pages are open already.", {}}),
                       false);
        return kRefused;
    }
    auto socket = std::make_unique<LiveSocket>(writable, running.site, std::move(subscription),
                                               request->session);
    mg_set_user_connection_data(connection, socket.release());
    return 0;
}

void HttpServer::Running::on_live_ready(mg_connection* connection, void* /*data*/) {
    live_socket_of(connection)->start();
}

int HttpServer::Running::on_live_data(mg_connection* connection, int bits, char* /*bytes*/,
                                      std::size_t /*length*/, void* /*data*/) {
    constexpr int kOpcodeBits = 0xf;
    if ((bits & kOpcodeBits) == MG_WEBSOCKET_OPCODE_CONNECTION_CLOSE) {
        mg_websocket_write(connection, MG_WEBSOCKET_OPCODE_CONNECTION_CLOSE, nullptr, 0);
    }
    return 0;  // nobody has anything to tell us: whoever sends data is not our page
}

void HttpServer::Running::on_live_close(const mg_connection* connection, void* /*data*/) {
    const std::unique_ptr<LiveSocket> socket(live_socket_of(connection));
    mg_set_user_connection_data(connection, nullptr);
    if (socket) {
        socket->stop();
    }
}

void HttpServer::Running::on_connection_close(const mg_connection* connection) {
    // Only a socket whose handshake failed is still here, and it has no writer to wait for.
    const std::unique_ptr<LiveSocket> socket(live_socket_of(connection));
    mg_set_user_connection_data(connection, nullptr);
}

std::string HttpServer::Running::start_fault() const {
    const std::lock_guard lock(log_mutex);
    return "The web server cannot listen: " +
           (start_log.empty() ? "it did not say why" : start_log) +
           ". End the program that has the address, or choose another in [web] listen.";
}

Result<std::vector<Endpoint>> HttpServer::Running::start(const std::vector<Endpoint>& listen) {
    std::string ports;
    for (const auto& endpoint : listen) {
        ports += (ports.empty() ? "" : ",") + endpoint.text();
    }
    const std::array<const char*, 23> options{
        "listening_ports",
        ports.c_str(),
        "num_threads",
        "32",
        "connection_queue",
        "32",
        "max_request_size",
        "16384",
        "request_timeout_ms",
        "10000",
        "enable_keep_alive",
        "yes",
        "keep_alive_timeout_ms",
        "5000",
        "websocket_timeout_ms",
        "20000",
        "enable_websocket_ping_pong",
        "yes",
        "decode_url",
        "no",
        "tcp_nodelay",
        "1",
        nullptr,
    };
    mg_callbacks callbacks{};
    callbacks.begin_request = on_request;
    callbacks.http_error = on_error;
    callbacks.log_message = on_log;
    callbacks.connection_close = on_connection_close;
    mg_context* const started =
        mg_start(&callbacks, this, const_cast<const char**>(options.data()));
    if (started == nullptr) {
        return fail(Errc::Unavailable, start_fault());
    }
    mg_set_websocket_handler(started, kLivePath.data(), on_live_connect, on_live_ready,
                             on_live_data, on_live_close, nullptr);
    {
        const std::lock_guard lock(log_mutex);
        context = started;
    }
    std::vector<mg_server_port> bound(listen.size());
    const int count = mg_get_server_ports(started, static_cast<int>(bound.size()), bound.data());
    if (count < 0 || static_cast<std::size_t>(count) != listen.size()) {
        return fail(Errc::Unavailable, start_fault());
    }
    std::vector<Endpoint> endpoints = listen;
    for (std::size_t i = 0; i < endpoints.size(); ++i) {
        endpoints[i].port = static_cast<std::uint16_t>(bound[i].port);
    }
    return endpoints;
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(const std::vector<Endpoint>& listen,
                                                      const HttpSite& site) {
    if (listen.empty()) {
        return fail(Errc::InvalidInput,
                    "The web server needs at least one address in [web] listen.");
    }
    mg_init_library(MG_FEATURES_WEBSOCKET);
    auto running = std::make_unique<Running>(site);
    auto endpoints = running->start(listen);
    // From here the destructor ends what was begun.
    std::unique_ptr<HttpServer> server(
        new HttpServer(std::move(running), endpoints ? *endpoints : std::vector<Endpoint>{}));
    if (!endpoints) {
        return tl::unexpected(endpoints.error());
    }
    return server;
}

HttpServer::HttpServer(std::unique_ptr<Running> running, std::vector<Endpoint> endpoints)
    : running_(std::move(running)), endpoints_(std::move(endpoints)) {}

HttpServer::~HttpServer() {
    stop();
    mg_exit_library();
}

void HttpServer::stop() {
    if (running_->context != nullptr) {
        running_->site.feed.close();
        mg_stop(running_->context);
        running_->context = nullptr;
    }
}

}  // namespace sporvakt::webui
