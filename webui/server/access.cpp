#include "webui/server/access.h"

#include "core/base/log.h"
#include "webui/server/password.h"

#include <algorithm>

namespace sporvakt::webui {

Access::Access(const ServerSettings& settings, const ServerParts& parts)
    : settings_(settings), parts_(parts), sessions_(parts.clock), limit_(parts.clock) {}

Answered<void> Access::check_host(const Request& request) const {
    const auto& names = settings_.host_names;
    if (request.host &&
        (request.host->is_ip_address() || request.host->host == "localhost" ||
         std::find(names.begin(), names.end(), request.host->host) != names.end())) {
        return {};
    }
    return refuse(Problem::UnknownHost,
                  "This appliance does not go by that name. Use its IP address, or add the name to "
                  "its configuration.");
}

Answered<void> Access::check_origin(const Request& request) const {
    const bool is_foreign_page =
        request.origin && !(request.host && is_same_origin(*request.origin, *request.host));
    // Without Origin, as some browsers are at times: what they say instead.
    const bool is_foreign_fetch = !request.origin && request.fetch_site &&
                                  *request.fetch_site != "same-origin" &&
                                  *request.fetch_site != "none";
    if (is_foreign_page || is_foreign_fetch) {
        return refuse(Problem::WrongOrigin, "Only the appliance's own page may do this.");
    }
    return {};
}

Answered<void> Access::check(const Request& request, Need need) {
    if (need == Need::Nothing || (need == Need::MayRead && is_demonstration())) {
        return {};
    }
    if (!SPORVAKT_TRY(is_set_up())) {
        return refuse(Problem::SetupNeeded, "Choose a password first.");
    }
    const auto session = session_of(request);
    if (!session) {
        return refuse(Problem::LoginNeeded, "Log in first.");
    }
    if (need == Need::MayChange && !is_same_secret(request.csrf_token, session->csrf_token)) {
        return refuse(Problem::WrongCsrfToken,
                      "The header X-CSRF-Token is missing or not the one of this session.");
    }
    return {};
}

std::optional<Session> Access::session_of(const Request& request) {
    return request.session.empty() ? std::nullopt : sessions_.use(request.session);
}

bool Access::may_go_on(const std::string& session_token) const {
    return is_demonstration() || sessions_.is_open(session_token);
}

Answered<bool> Access::is_set_up() const {
    return SPORVAKT_TRY(password_hash()).has_value();
}

bool Access::is_demonstration() const {
    return settings_.data == DataKind::Demonstration;
}

Answered<Session> Access::set_up(const std::string& password) {
    const std::lock_guard lock(hashing_);
    if (SPORVAKT_TRY(is_set_up())) {
        return refuse(Problem::AlreadySetUp, "There is a password already. Log in with it.");
    }
    auto hash = hash_password(password);
    if (!hash) {
        return refuse(Problem::Unavailable, hash.error().message);
    }
    const auto stored = parts_.orders.submit(ledger::SetPasswordHash{std::move(*hash)});
    if (!stored) {
        return refuse(Problem::Unavailable, stored.error().message);
    }
    log::info("The first password was set.");
    return sessions_.open();
}

Access::LoginAnswer Access::log_in(const Request& request, const std::string& password) {
    const auto hash = password_hash();
    if (!hash) {
        return {tl::unexpected(hash.error()), {}};
    }
    if (!*hash) {
        return {refuse(Problem::SetupNeeded, "Choose a password first."), {}};
    }
    if (const auto wait = limit_.charge(request.client)) {
        return {refuse(Problem::TooManyTries, "Too many wrong passwords. Wait, then try again."),
                wait};
    }
    const std::lock_guard lock(hashing_);
    if (!is_password(password, **hash)) {
        log::warning("A login from " + request.client.text() + " had a wrong password.");
        return {refuse(Problem::WrongPassword, "That is not the password."), {}};
    }
    limit_.forgive(request.client);
    return {sessions_.open(), {}};
}

void Access::log_out(const Request& request) {
    sessions_.close(request.session);
}

Answered<std::optional<std::string>> Access::password_hash() const {
    auto hash = parts_.password.password_hash();
    if (!hash) {
        // Fails closed: an appliance that cannot read its password is not one without.
        log::error("The password cannot be read: " + hash.error().message);
        return refuse(Problem::Unavailable, "The appliance cannot read its settings just now.");
    }
    return std::move(*hash);
}

}  // namespace sporvakt::webui
