#include "webui/server/response.h"

#include "core/base/assert.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace sporvakt::webui {
namespace {

struct ProblemRow {
    Problem problem;
    int status;
    std::string_view code;
};

constexpr std::array<ProblemRow, 21> kProblems{{
    {Problem::AlreadySetUp, 409, "already_set_up"},
    {Problem::BadRequest, 400, "bad_request"},
    {Problem::Internal, 500, "internal"},
    {Problem::InvalidBody, 400, "invalid_body"},
    {Problem::InvalidParameter, 400, "invalid_parameter"},
    {Problem::LoginNeeded, 401, "login_needed"},
    {Problem::MethodNotAllowed, 405, "method_not_allowed"},
    {Problem::NotFound, 404, "not_found"},
    {Problem::NotJson, 415, "not_json"},
    {Problem::SetupNeeded, 403, "setup_needed"},
    {Problem::TooLarge, 413, "too_large"},
    {Problem::TooManyTries, 429, "too_many_tries"},
    {Problem::Unavailable, 503, "unavailable"},
    {Problem::UnknownCompany, 400, "unknown_company"},
    {Problem::UnknownDevice, 404, "unknown_device"},
    {Problem::UnknownHost, 421, "unknown_host"},
    {Problem::UnknownParameter, 400, "unknown_parameter"},
    {Problem::UpgradeNeeded, 426, "upgrade_needed"},
    {Problem::WrongCsrfToken, 403, "wrong_csrf_token"},
    {Problem::WrongOrigin, 403, "wrong_origin"},
    {Problem::WrongPassword, 401, "wrong_password"},
}};

const ProblemRow& row_of(Problem problem) {
    const auto* const row = std::find_if(kProblems.begin(), kProblems.end(),
                                         [problem](const auto& r) { return r.problem == problem; });
    SPORVAKT_ASSERT(row != kProblems.end());
    return *row;
}

Response problem_answer(int status, std::string_view code, const Fault& fault) {
    nlohmann::json body{{"type", "about:blank"},
                        {"title", reason_phrase(status)},
                        {"status", status},
                        {"code", code},
                        {"detail", fault.detail}};
    if (!fault.parameter.empty()) {
        body["parameter"] = fault.parameter;
    }
    // What a stranger wrote may stand in the sentence: replace what is not UTF-8 instead of
    // failing.
    return {.status = status,
            .content_type = "application/problem+json",
            .body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

}  // namespace

std::string_view Response::header(std::string_view name) const {
    const auto found = std::find_if(headers.begin(), headers.end(),
                                    [name](const auto& row) { return row.first == name; });
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

Response problem(const Fault& fault) {
    const auto& row = row_of(fault.problem);
    return problem_answer(row.status, row.code, fault);
}

Response problem_of_status(int status, std::string_view detail) {
    const auto* const row = std::find_if(kProblems.begin(), kProblems.end(),
                                         [status](const auto& r) { return r.status == status; });
    std::string_view code = status >= 500 ? "internal" : "bad_request";
    // Of the codes that share a status, only these are the status's own.
    if (row != kProblems.end() && status != 400 && status != 401 && status != 403) {
        code = row->code;
    }
    return problem_answer(status, code, {Problem::Internal, std::string(detail), {}});
}

std::string_view reason_phrase(int status) {
    constexpr std::array<std::pair<int, std::string_view>, 20> kPhrases{{
        {200, "OK"},
        {201, "Created"},
        {204, "No Content"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {409, "Conflict"},
        {411, "Length Required"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {421, "Misdirected Request"},
        {426, "Upgrade Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {503, "Service Unavailable"},
        {505, "HTTP Version Not Supported"},
    }};
    const auto* const found =
        std::find_if(kPhrases.begin(), kPhrases.end(),
                     [status](const auto& row) { return row.first == status; });
    return found == kPhrases.end() ? "Unknown" : found->second;
}

}  // namespace sporvakt::webui
