#pragma once

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11 calls itself so
class App;
}

namespace sporvakt::firmware {

// Each function adds one subcommand of the `sporvakt` program.  When the command line names it, it
// runs and leaves the exit code in `exit_code`: 0, one of those below, or of run_daemon's.
// `exit_code` outlives the parse.

inline constexpr int kFailed = 1;
inline constexpr int kWrongUsage = 64;          ///< sysexits(3): EX_USAGE
inline constexpr int kWrongConfiguration = 78;  ///< sysexits(3): EX_CONFIG

/// `sporvakt check NAME... [--type T] [--list FILE]... [--household] [--device D] [--why] [--json]`
void add_check_command(CLI::App& app, int& exit_code);

/// `sporvakt company NAME [--json]`
void add_company_command(CLI::App& app, int& exit_code);

/// `sporvakt lists compile --out FILE LIST...`, `sporvakt lists available`
void add_lists_command(CLI::App& app, int& exit_code);

/// `sporvakt lists status` and `sporvakt lists update`, under `lists`.
void add_subscription_commands(CLI::App& lists, int& exit_code);

void add_replay_command(CLI::App& app, int& exit_code);
/// `sporvakt run [--config FILE]`
void add_run_command(CLI::App& app, int& exit_code);

/// `sporvakt demo [--speed N] [--listen-dns A:P] [--listen-web A:P] [--dir DIR] ...`
void add_demo_command(CLI::App& app, int& exit_code);

/// `sporvakt policy export|import|presets`
void add_policy_command(CLI::App& app, int& exit_code);

void add_version_command(CLI::App& app, int& exit_code);
/// `sporvakt erase (--device D | --from T --to T | --all) [--yes]`
void add_erase_command(CLI::App& app, int& exit_code);

/// `sporvakt export DEVICE [--format json|csv]`
void add_export_command(CLI::App& app, int& exit_code);
void add_report_command(CLI::App& app, int& exit_code);

}  // namespace sporvakt::firmware
