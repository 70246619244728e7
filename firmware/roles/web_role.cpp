#include "firmware/roles/web_role.h"

#include "core/base/log.h"
#include "core/base/stop_wait.h"
#include "core/knowledge/knowledge.h"
#include "core/ledger/ledger_file.h"
#include "core/ledger/live_rows.h"
#include "core/ledger/stored_reports.h"
#include "firmware/keeper_line.h"
#include "firmware/role_status.h"
#include "firmware/share_folder.h"
#include "webui/server/server.h"

#include <chrono>
#include <memory>
#include <thread>
#include <utility>

namespace sporvakt::firmware {
namespace {

constexpr int kCannotListen = 69;  // sysexits(3): EX_UNAVAILABLE
constexpr std::chrono::milliseconds kFileInterval{20};

class StoredPassword final : public webui::PasswordSource {
public:
    explicit StoredPassword(HouseholdReader& household) : household_(household) {}

    [[nodiscard]] Result<std::optional<std::string>> password_hash() const override {
        return household_.password_hash();
    }

private:
    HouseholdReader& household_;
};

// The keeper makes the file at its first start ever; null when told to stop before that.
std::shared_ptr<store::Environment> open_when_made(const std::string& path,
                                                   const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        if (auto file = ledger::open_ledger_file(path, store::Access::ReadOnly)) {
            return std::move(*file);
        }
        std::this_thread::sleep_for(kFileInterval);
    }
    return nullptr;
}

// Without it the page still has everything that happened.
knowledge::Knowledge shipped_knowledge() {
    const auto folder = share_file(kKnowledgeFolder);
    auto known = folder ? knowledge::read_knowledge(*folder)
                        : Result<knowledge::Knowledge>(tl::unexpected(folder.error()));
    if (known) {
        return std::move(*known);
    }
    log::warning(known.error().message + "; going on without it");
    return {};
}

webui::ServerSettings settings_of(const WebRole& role) {
    webui::ServerSettings settings;
    settings.listen = role.ground.configuration.web.listen;
    settings.version = role.version;
    if (role.ground.configuration.demonstration) {
        settings.data = webui::DataKind::Demonstration;
    }
    return settings;
}

void announce(const std::vector<Endpoint>& endpoints) {
    for (const Endpoint& endpoint : endpoints) {
        log::info("ready: the page is at http://" + endpoint.text() + "/");
    }
}

}  // namespace

int run_web_role(WebRole role, const std::stop_token& stop) {
    const RoleGround& ground = role.ground;
    HouseholdReader household(ground.configuration.storage_dir);
    HouseholdView view(Role::Web, ground.shared, sources_of(ground, household));
    const auto file = open_when_made(ground.configuration.storage_dir + "/ledger.mdb", stop);
    if (!file) {
        return 0;
    }
    ledger::LiveRows live;
    const ledger::StoredReports reports(file, live);
    const StoredPassword password(household);
    const RoleStatus status(ground.shared);
    KeeperLine line(std::move(role.keeper), ground.shared, {random_number()});

    const knowledge::Knowledge known = shipped_knowledge();

    auto server = webui::Server::start(
        settings_of(role),
        {reports, view.devices(), view.policy(), line, password, status, ground.clock, known});
    if (!server) {
        log::error(server.error().message);
        return kCannotListen;
    }
    const std::jthread following([&view](const std::stop_token& token) { view.watch(token); });
    const std::jthread listening([&](const std::stop_token& token) {
        line.listen(token, {[&](Bytes rows) {
                                if (const auto contacts = live.apply(rows)) {
                                    (*server)->publish(*contacts);
                                }
                            },
                            [&](const ledger::Erasure& erasure) { (*server)->erase(erasure); }});
    });
    announce((*server)->endpoints());
    wait_for_stop(stop);
    (*server)->stop();
    return 0;
}

}  // namespace sporvakt::firmware
