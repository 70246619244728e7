#pragma once

#include "webui/server/login_limit.h"
#include "webui/server/request.h"
#include "webui/server/response.h"
#include "webui/server/server.h"
#include "webui/server/session.h"

#include <mutex>
#include <optional>
#include <string>

namespace sporvakt::webui {

/// What a caller must be to get an answer.
enum class Need : std::uint8_t {
    Nothing,    ///< Health, the state of the session, the first password, login.
    MayRead,    ///< Logged in, or the data is made up.
    MayChange,  ///< Logged in, from our own page.
};

/// Who may do what.  Thread-safe.
class Access {
public:
    Access(const ServerSettings& settings, const ServerParts& parts);

    /// The Host header names this appliance (against DNS rebinding).
    [[nodiscard]] Answered<void> check_host(const Request& request) const;

    /// The request comes from a page of ours, or from no page at all.
    [[nodiscard]] Answered<void> check_origin(const Request& request) const;

    /// In this order: first password set, logged in, token of our page.
    [[nodiscard]] Answered<void> check(const Request& request, Need need);

    /// The logged-in session of the request, if any; counts as use.
    [[nodiscard]] std::optional<Session> session_of(const Request& request);

    /// Whether a connection that stays open may go on being served.
    [[nodiscard]] bool may_go_on(const std::string& session_token) const;

    [[nodiscard]] Answered<bool> is_set_up() const;
    [[nodiscard]] bool is_demonstration() const;

    /// Stores the first password and logs in.
    [[nodiscard]] Answered<Session> set_up(const std::string& password);

    /// A wrong password, or too many of them, are faults; `retry_after` is then set for the latter.
    struct LoginAnswer {
        Answered<Session> session;
        std::optional<std::chrono::seconds> retry_after;
    };
    [[nodiscard]] LoginAnswer log_in(const Request& request, const std::string& password);

    void log_out(const Request& request);

private:
    [[nodiscard]] Answered<std::optional<std::string>> password_hash() const;

    const ServerSettings& settings_;
    const ServerParts& parts_;
    Sessions sessions_;
    LoginLimit limit_;
    std::mutex hashing_;  ///< One password at a time: each takes 32 MiB.
};

}  // namespace sporvakt::webui
