#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sporvakt::webui {

/// What goes back to the browser.  The headers that every answer has (content policy and the like)
/// are added by the server, not here.
struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::string body{};
    std::vector<std::pair<std::string, std::string>> headers{};

    static Response json(std::string body) { return {.body = std::move(body)}; }
    static Response no_content() { return {.status = 204, .content_type = {}}; }

    [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// The stable codes of problem answers.  docs/api/openapi.yaml says when each comes.
enum class Problem : std::uint8_t {
    AlreadySetUp,
    BadRequest,
    Internal,
    InvalidBody,
    InvalidParameter,
    LoginNeeded,
    MethodNotAllowed,
    NotFound,
    NotJson,
    SetupNeeded,
    TooLarge,
    TooManyTries,
    Unavailable,
    UnknownCompany,
    UnknownDevice,
    UnknownHost,
    UnknownParameter,
    UpgradeNeeded,
    WrongCsrfToken,
    WrongOrigin,
    WrongPassword,
};

/// Why a request is not answered, on its way to becoming a response.
struct Fault {
    Problem problem = Problem::Internal;
    std::string detail{};     ///< An English sentence.
    std::string parameter{};  ///< The query parameter or body member at fault; may be empty.
};

template <class T>
using Answered = Expected<T, Fault>;

inline tl::unexpected<Fault> refuse(Problem problem, std::string detail,
                                    std::string parameter = {}) {
    return tl::unexpected<Fault>(Fault{problem, std::move(detail), std::move(parameter)});
}

/// application/problem+json (RFC 9457).
Response problem(const Fault& fault);

/// An answer for a status that the server software found by itself.
Response problem_of_status(int status, std::string_view detail);

/// "Not Found" for 404 (RFC 9110 §15); "Unknown" for numbers that we never send.
std::string_view reason_phrase(int status);

}  // namespace sporvakt::webui
