#include "core/base/log.h"

#include <cstdlib>
#include <memory>
#include <string>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace sporvakt::log {
namespace {

// JOURNAL_STREAM is set by systemd for services whose output the journal reads (systemd.exec(5)).
const char* pattern_prefix() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): read once, before threads exist.
    return std::getenv("JOURNAL_STREAM") == nullptr ? "%H:%M:%S.%e %^%l%$ " : "";
}

const char* journal_priority(spdlog::level::level_enum level) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): the environment is never written.
    if (std::getenv("JOURNAL_STREAM") == nullptr) {
        return "";
    }
    switch (static_cast<int>(level)) {
        case SPDLOG_LEVEL_ERROR:
            return "<3>";
        case SPDLOG_LEVEL_WARN:
            return "<4>";
        default:
            return "<6>";
    }
}

void write(spdlog::level::level_enum level, std::string_view message) {
    if (spdlog::default_logger_raw()->name().empty()) {
        set_role("sporvakt");  // spdlog's own default writes to standard output
    }
    spdlog::default_logger_raw()->log(level, "{}{}", journal_priority(level), message);
}

}  // namespace

void set_role(std::string_view role) {
    auto logger = std::make_shared<spdlog::logger>(
        std::string(role), std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
    logger->set_pattern(std::string(pattern_prefix()) + "%n: %v");
    spdlog::set_default_logger(std::move(logger));
}

void error(std::string_view message) {
    write(spdlog::level::err, message);
}

void warning(std::string_view message) {
    write(spdlog::level::warn, message);
}

void info(std::string_view message) {
    write(spdlog::level::info, message);
}

}  // namespace sporvakt::log
