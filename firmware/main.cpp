#include "firmware/commands/commands.h"

#include <cstdio>
#include <exception>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

namespace {

/// The library would only say that a command is missing.
std::optional<std::string> unknown_command(const CLI::App& app, int argc, char** argv) {
    const std::string first = argc > 1 ? argv[1] : "";
    if (first.empty() || first.front() == '-') {
        return std::nullopt;
    }
    const auto has_that_name = [&](const CLI::App* command) {
        return command->get_name() == first;
    };
    return app.get_subcommands(has_that_name).empty() ? std::optional(first) : std::nullopt;
}

int run(int argc, char** argv) {
    using sporvakt::firmware::kWrongUsage;
    int exit_code = 0;
    CLI::App app{"Sporvakt shows which devices leak data to which companies, and stops it."};
    app.name("sporvakt");
    app.require_subcommand(1);
    sporvakt::firmware::add_run_command(app, exit_code);
    sporvakt::firmware::add_demo_command(app, exit_code);
    sporvakt::firmware::add_check_command(app, exit_code);
    sporvakt::firmware::add_company_command(app, exit_code);
    sporvakt::firmware::add_erase_command(app, exit_code);
    sporvakt::firmware::add_export_command(app, exit_code);
    sporvakt::firmware::add_lists_command(app, exit_code);
    sporvakt::firmware::add_policy_command(app, exit_code);
    sporvakt::firmware::add_replay_command(app, exit_code);
    sporvakt::firmware::add_version_command(app, exit_code);
    sporvakt::firmware::add_report_command(app, exit_code);

    if (const auto unknown = unknown_command(app, argc, argv)) {
        static_cast<void>(std::fprintf(stderr,
                                       "sporvakt: there is no command '%s'; `sporvakt --help` "
                                       "shows those that there are\n",
                                       unknown->c_str()));
        return kWrongUsage;
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& stopped) {
        const int code = app.exit(stopped);
        return code == 0 ? 0 : kWrongUsage;
    }
    return exit_code;
}

}  // namespace

// Ours do not throw; a library's fault, or no memory, is told before the end.
int main(int argc, char** argv) try {
    return run(argc, argv);
} catch (const std::exception& fault) {
    static_cast<void>(std::fprintf(stderr, "sporvakt: %s\n", fault.what()));
    return 1;
}
