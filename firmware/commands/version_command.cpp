#include "firmware/commands/commands.h"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

namespace sporvakt::firmware {

void add_version_command(CLI::App& app, int& exit_code) {
    app.add_subcommand("version", "Print the version")->callback([&exit_code] {
        fmt::print("sporvakt {}\n", SPORVAKT_VERSION);
        exit_code = 0;
    });
}

}  // namespace sporvakt::firmware
