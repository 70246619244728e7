#include "core/trackers/built_in/third_party_web.h"

#include <fstream>

#include <nlohmann/json.hpp>

namespace sporvakt::trackers {

Result<std::vector<ThirdParty>> read_third_parties(const std::string& path) {
    std::ifstream file(path);
    if (!file) {
        return fail(Errc::NotFound, path + ": cannot be opened; run 'npm ci' first");
    }
    std::vector<ThirdParty> result;
    try {
        for (const nlohmann::json& entity : nlohmann::json::parse(file)) {
            ThirdParty party;
            party.name = entity.at("name").get<std::string>();
            party.company = entity.value("company", "");
            party.homepage = entity.value("homepage", "");
            party.category = entity.at("category").get<std::string>();
            party.domains = entity.at("domains").get<std::vector<std::string>>();
            result.push_back(std::move(party));
        }
    } catch (const nlohmann::json::exception& fault) {
        return fail(Errc::InvalidInput,
                    path + ": not the entities of third-party-web: " + fault.what());
    }
    return result;
}

}  // namespace sporvakt::trackers
