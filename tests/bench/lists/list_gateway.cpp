// The gateway and `sporvakt lists update` as they are, but with lists from a server on this
// machine, which a configuration must not name: for run.py.
//   list_gateway run CONFIGURATION URL...
//   list_gateway update CONFIGURATION URL...

#include "core/base/clock.h"
#include "firmware/configuration.h"
#include "firmware/daemon.h"
#include "firmware/lists/subscribed_lists.h"
#include "firmware/roles/least_rights.h"

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/core.h>

namespace {

using namespace sporvakt;

int run(firmware::Configuration configuration) {
    firmware::DaemonSettings settings;
    settings.reread = [configuration] { return Result<firmware::Configuration>(configuration); };
    return firmware::run_daemon(std::move(configuration), settings);
}

int update(const firmware::Configuration& configuration) {
    const auto kept = firmware::keep_least_rights();
    const auto taken =
        kept ? firmware::update_subscribed(configuration, SystemClock(),
                                           {firmware::ListUpdater::Which::All, {}}, {})
             : Result<unsigned>(tl::unexpected(kept.error()));
    if (!taken) {
        fmt::print(stderr, "{}\n", taken.error().message);
        return 1;
    }
    fmt::print("{}\n", *taken);
    return 0;
}

}  // namespace

int main(int count, char** words) {
    const std::vector<std::string> arguments(words + 1, words + count);
    if (arguments.size() < 3 || (arguments[0] != "run" && arguments[0] != "update")) {
        fmt::print(stderr, "list_gateway run | update CONFIGURATION URL...\n");
        return 64;
    }
    auto configuration = firmware::read_configuration(arguments[1]);
    if (!configuration) {
        fmt::print(stderr, "{}\n", configuration.error().message);
        return 78;
    }
    configuration->subscribed.reach = firmware::Reach::Loopback;
    configuration->subscribed.entries.assign(arguments.begin() + 2, arguments.end());
    return arguments[0] == "run" ? run(std::move(*configuration)) : update(*configuration);
}
