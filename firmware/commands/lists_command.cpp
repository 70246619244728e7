#include "core/base/clock.h"
#include "core/trackers/list_compiler.h"
#include "firmware/commands/commands.h"

#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <unistd.h>

namespace sporvakt::firmware {
namespace {

using trackers::ListReport;
using trackers::SkipKind;

struct CompileOptions {
    std::string out;
    std::vector<std::string> lists;
};

void print_report(const ListReport& report) {
    fmt::print("{}: {} format, {} lines, {} rules taken: {} block, {} allow", report.path,
               list_format_text(report.format), report.lines, report.taken(), report.blocks,
               report.allows);
    if (report.expressions > 0) {
        fmt::print(", {} expressions", report.expressions);
    }
    if (report.cancels > 0) {
        fmt::print(", {} cancel others", report.cancels);
    }
    fmt::print("\n");
    for (std::size_t i = 0; i < trackers::kSkipKinds; ++i) {
        const trackers::SkippedLines& skipped = report.skipped.at(i);
        if (skipped.count > 0) {
            fmt::print("  skipped {}: {}; first in line {}: {}\n", skipped.count,
                       skip_kind_text(SkipKind{static_cast<std::uint8_t>(i)}), skipped.example_line,
                       skipped.example);
        }
    }
}

int compile(const CompileOptions& options) {
    const bool is_watched = ::isatty(STDERR_FILENO) == 1;
    const auto compiled = trackers::compile_lists(
        options.lists, options.out, rfc3339(SystemClock().now()),
        [is_watched](const std::string& path, std::uint64_t lines) {
            fmt::print(stderr, "{}{}: {} lines read{}", is_watched ? "\r" : "", path, lines,
                       is_watched ? "" : "\n");
        });
    if (is_watched) {
        fmt::print(stderr, "\r\x1b[K");  // nothing of the progress stays on the line
    }
    if (!compiled) {
        fmt::print(stderr, "sporvakt: {}\n", compiled.error().message);
        return 1;
    }
    for (const ListReport& report : compiled->reports) {
        print_report(report);
    }
    fmt::print("{}: {} rules\n", options.out, compiled->rules);
    return 0;
}

}  // namespace

void add_lists_command(CLI::App& app, int& exit_code) {
    CLI::App* const lists = app.add_subcommand("lists", "Work on lists of trackers");
    lists->require_subcommand(1);
    CLI::App* const compiling = lists->add_subcommand(
        "compile", "Compile lists of any format into a catalogue of rules, or leave it as it was");
    const auto options = std::make_shared<CompileOptions>();
    compiling->add_option("--out,-o", options->out, "The catalogue to write or replace")
        ->required()
        ->type_name("FILE");
    compiling
        ->add_option("LIST", options->lists,
                     "Files: hosts, domains, wildcard, AdBlock, "
                     "AdGuard DNS, RPZ, dnsmasq or unbound")
        ->required()
        ->type_name("");
    compiling->callback([options, &exit_code] { exit_code = compile(*options); });
}

}  // namespace sporvakt::firmware
