#include "core/base/clock.h"
#include "core/trackers/built_in/built_in_catalogue.h"

#include <chrono>
#include <cstdlib>
#include <string>

#include <fmt/core.h>

namespace {

/// Now; or what SOURCE_DATE_EPOCH says, so that a build can be repeated byte by byte
/// (https://reproducible-builds.org/specs/source-date-epoch/).
std::string compiled_at() {
    const char* const epoch = std::getenv("SOURCE_DATE_EPOCH");  // NOLINT(concurrency-mt-unsafe)
    if (epoch == nullptr) {
        return sporvakt::rfc3339(sporvakt::SystemClock().now());
    }
    const std::chrono::seconds seconds(std::strtoll(epoch, nullptr, 10));
    return sporvakt::rfc3339(sporvakt::Timestamp(seconds));
}

}  // namespace

/// compile_catalogue FACTS-FOLDER ENTITIES-FILE OUT: a step of the build.
int main(int argc, char** argv) {
    constexpr int kWrongUsage = 64;
    if (argc != 4) {
        fmt::print(stderr, "usage: compile_catalogue FACTS-FOLDER ENTITIES-FILE OUT\n");
        return kWrongUsage;
    }
    const auto report =
        sporvakt::trackers::compile_built_in({argv[1], argv[2]}, argv[3], compiled_at());
    if (!report) {
        fmt::print(stderr, "compile_catalogue: {}\n", report.error().message);
        return 1;
    }
    fmt::print("{}: {} companies, {} domains, {} of them blocked\n", argv[3], report->companies,
               report->domains, report->blocked);
    for (const std::string& refused : report->refused) {
        fmt::print("  not taken: {}, a public suffix or not a name\n", refused);
    }
    return 0;
}
