#pragma once

#include "tests/support/web_house.h"

#include <string>

#include <nlohmann/json.hpp>

namespace sporvakt::test {

/// A house whose web server's handlers are called one by one, without the server around them.
class HandlerHouse : public WebHouse {
public:
    webui::Access access{settings, parts};

    webui::Answered<webui::Response> call(webui::Handler handler, const std::string& query = "") {
        const auto asked = request("GET", "/" + query);
        return handler({asked, {}, settings, parts, access, feed});
    }

    /// The answer, or the name of the parameter that it refused.
    nlohmann::json ask(webui::Handler handler, const std::string& query = "") {
        const auto answer = call(handler, query);
        return answer ? nlohmann::json::parse(answer->body)
                      : nlohmann::json(answer.error().parameter);
    }
};

}  // namespace sporvakt::test
