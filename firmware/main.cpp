#include "firmware/commands/commands.h"

#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>

namespace {

int run(int argc, char** argv) {
    constexpr int kWrongUsage = 64;
    int exit_code = 0;
    CLI::App app{"Sporvakt shows which devices leak data to which companies, and stops it."};
    app.name("sporvakt");
    app.require_subcommand(1);
    sporvakt::firmware::add_run_command(app, exit_code);
    sporvakt::firmware::add_demo_command(app, exit_code);
    sporvakt::firmware::add_check_command(app, exit_code);
    sporvakt::firmware::add_company_command(app, exit_code);
    sporvakt::firmware::add_export_command(app, exit_code);
    sporvakt::firmware::add_lists_command(app, exit_code);
    sporvakt::firmware::add_policy_command(app, exit_code);
    sporvakt::firmware::add_replay_command(app, exit_code);
    sporvakt::firmware::add_version_command(app, exit_code);
    sporvakt::firmware::add_report_command(app, exit_code);

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
