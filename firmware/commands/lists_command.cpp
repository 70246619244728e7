#include "core/base/clock.h"
#include "core/trackers/list_compiler.h"
#include "firmware/commands/commands.h"
#include "firmware/lists/list_registry.h"
#include "firmware/share_folder.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <fmt/ranges.h>
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
        return kFailed;
    }
    for (const ListReport& report : compiled->reports) {
        print_report(report);
    }
    fmt::print("{}: {} rules\n", options.out, compiled->rules);
    return 0;
}

std::string size_text(std::optional<std::uint64_t> bytes) {
    constexpr std::uint64_t kKilo = 1000;
    if (!bytes) {
        return "size not known";
    }
    return *bytes < kKilo * kKilo
               ? fmt::format("about {} kB", (*bytes + kKilo - 1) / kKilo)
               : fmt::format("about {:.1f} MB", static_cast<double>(*bytes) / (kKilo * kKilo));
}

Result<ListRegistry> known_lists() {
    return ListRegistry::read(SPORVAKT_TRY(share_file(ListRegistry::kShareFile)));
}

int show_available() {
    const auto registry = known_lists();
    if (!registry) {
        fmt::print(stderr, "sporvakt: {}\n", registry.error().message);
        return kFailed;
    }
    for (const KnownList& list : registry->lists()) {
        fmt::print("{}: {}\n  {}; language: {}; licence: {}; {}\n  {}\n", list.id, list.name,
                   fmt::join(list.purposes, ", "), list.language, list.licence,
                   size_text(list.bytes), list.homepage);
    }
    fmt::print("None of these is on by itself: {}\n",
               R"([lists] subscriptions = ["ID"] in the configuration turns one on.)");
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
    lists
        ->add_subcommand("available",
                         "Show the lists that can be turned on: purpose, licence, size")
        ->callback([&exit_code] { exit_code = show_available(); });
    add_subscription_commands(*lists, exit_code);
}

}  // namespace sporvakt::firmware
