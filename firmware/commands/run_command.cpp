#include "core/base/log.h"
#include "firmware/commands/commands.h"
#include "firmware/configuration.h"
#include "firmware/daemon.h"

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

namespace sporvakt::firmware {
namespace {

int run(const std::string& path) {
    auto configuration = read_configuration(path);
    if (!configuration) {
        log::error(configuration.error().message);
        return kWrongConfiguration;
    }
    return run_daemon(std::move(*configuration),
                      {[path] { return read_configuration(path); }, SPORVAKT_VERSION});
}

}  // namespace

void add_run_command(CLI::App& app, int& exit_code) {
    auto* const command = app.add_subcommand("run", "Run the appliance until it is told to stop");
    const auto path = std::make_shared<std::string>("/etc/sporvakt/sporvakt.toml");
    command->add_option("--config", *path, "Its configuration")->capture_default_str();
    command->callback([path, &exit_code] { exit_code = run(*path); });
}

}  // namespace sporvakt::firmware
