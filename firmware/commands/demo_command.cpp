#include "core/base/file_descriptor.h"
#include "core/base/log.h"
#include "firmware/commands/commands.h"
#include "firmware/configuration.h"
#include "firmware/daemon.h"
#include "firmware/share_folder.h"
#include "firmware/system_resolvers.h"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

namespace sporvakt::firmware {
namespace {

struct Options {
    double speed = 1.0;
    std::string listen_dns = "127.0.0.1:5300";
    std::string listen_web = "127.0.0.1:8080";
    std::string dir;
    std::vector<std::string> upstream;
    std::string file;
};

/// A directory that goes with the demonstration.
class ScratchFolder {
public:
    static Result<std::unique_ptr<ScratchFolder>> create() {
        std::error_code ignored;
        const auto parent = std::filesystem::temp_directory_path(ignored);
        std::string path = (parent / "sporvakt-demo-XXXXXX").string();
        if (::mkdtemp(path.data()) == nullptr) {
            return system_failure("cannot make a directory in " + parent.string() +
                                  "; name one with --dir");
        }
        return std::make_unique<ScratchFolder>(std::move(path));
    }

    explicit ScratchFolder(std::string path) : path_(std::move(path)) {}
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ScratchFolder(ScratchFolder&&) = delete;
    ScratchFolder& operator=(ScratchFolder&&) = delete;
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
};

std::string quoted(const std::string& text) {
    std::string quoted = "\"";
    for (const char letter : text) {
        if (letter == '"' || letter == '\\') {
            quoted += '\\';
        }
        quoted += letter;
    }
    return quoted + "\"";
}

// By way of a configuration file's text, so that the options are checked as its keys are.
Result<Configuration> configuration_of(const Options& options, const std::string& dir) {
    std::string upstream;
    for (const std::string& server : options.upstream) {
        upstream += quoted(server) + ", ";
    }
    const std::string file =
        options.file.empty() ? SPORVAKT_TRY(share_file("demonstration.pcap")) : options.file;
    Configuration configuration = SPORVAKT_TRY(parse_configuration(
        // Whatever resolver a machine has may leave DNSSEC's records out, so nothing is validated.
        fmt::format("dns.listen = [{}]\ndns.upstream = [{}]\ndns.dnssec = false\n"
                    "web.listen = [{}]\n"
                    "storage.dir = {}\ncapture.file = {}\ncapture.speed = {:f}\n",
                    quoted(options.listen_dns), upstream, quoted(options.listen_web), quoted(dir),
                    quoted(file), options.speed),
        "sporvakt demo"));
    if (configuration.dns.upstream.forwarders.empty()) {
        for (const Endpoint& resolver : system_resolvers("/etc/resolv.conf")) {
            configuration.dns.upstream.forwarders.push_back({resolver, {}});
        }
    }
    configuration.demonstration = true;
    return configuration;
}

int demonstrate(const Options& options) {
    std::unique_ptr<ScratchFolder> scratch;
    if (options.dir.empty()) {
        auto created = ScratchFolder::create();
        if (!created) {
            log::error(created.error().message);
            return kFailed;
        }
        scratch = std::move(*created);
    }
    const auto configuration = configuration_of(options, scratch ? scratch->path() : options.dir);
    if (!configuration) {
        log::error(configuration.error().message);
        return kWrongUsage;
    }
    return run_daemon(*configuration,
                      {[&] { return Result<Configuration>(*configuration); }, SPORVAKT_VERSION});
}

}  // namespace

void add_demo_command(CLI::App& app, int& exit_code) {
    auto* const command =
        app.add_subcommand("demo", "Show it at work with made-up traffic, without any rights");
    const auto options = std::make_shared<Options>();
    command->add_option("--speed", options->speed, "2 plays the traffic twice as fast")
        ->capture_default_str();
    command->add_option("--listen-dns", options->listen_dns, "Where to answer DNS")
        ->capture_default_str();
    command->add_option("--listen-web", options->listen_web, "Where to serve the page")
        ->capture_default_str();
    command->add_option("--dir", options->dir, "Where to keep what is seen, instead of nowhere");
    command->add_option("--upstream", options->upstream,
                        "Resolvers to ask, instead of this machine's");
    command->add_option("--file", options->file, "A capture to play instead");
    command->callback([options, &exit_code] { exit_code = demonstrate(*options); });
}

}  // namespace sporvakt::firmware
