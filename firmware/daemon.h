#pragma once

#include "core/base/result.h"
#include "firmware/configuration.h"

#include <functional>
#include <string>

namespace sporvakt::firmware {

/// How `sporvakt run` and `sporvakt demo` differ, besides their configuration.
struct DaemonSettings {
    /// Gives the configuration anew at SIGHUP.
    std::function<Result<Configuration>()> reread;
    std::string version;
};

/// Opens what needs rights, starts the four roles and supervises them until SIGTERM or SIGINT.
/// To be called by a process with one thread.  The program's exit code: 0; 69 when an address to
/// listen on cannot be had; 74 when the storage cannot be used; 1 for everything else.  What went
/// wrong is logged.
int run_daemon(Configuration configuration, const DaemonSettings& settings);

}  // namespace sporvakt::firmware
