#pragma once

#include "core/base/ip_address.h"
#include "firmware/configuration.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <sys/types.h>

namespace sporvakt::test {

/// Sporvakt's daemon in processes of its own, on ports of 127.0.0.1 that were free a moment ago.
/// Ends with the object at the latest.
class RunningDaemon {
public:
    /// How long a test waits for what must come.
    static constexpr std::chrono::seconds kPatience{20};

    /// Listens as free_endpoint() says; the rest is as given.  At SIGHUP it takes the
    /// configuration that `next` points to.
    RunningDaemon(firmware::Configuration configuration, const firmware::Configuration* next);
    RunningDaemon(const RunningDaemon&) = delete;
    RunningDaemon& operator=(const RunningDaemon&) = delete;
    RunningDaemon(RunningDaemon&&) = delete;
    RunningDaemon& operator=(RunningDaemon&&) = delete;
    ~RunningDaemon();

    [[nodiscard]] const firmware::Configuration& configuration() const { return configuration_; }

    void signal(int number) const;

    /// The child of that name; 0 when there is none in time, or none but `other_than`.
    [[nodiscard]] pid_t child(const std::string& name, pid_t other_than) const;

    struct End {
        int code = -1;  ///< Of the exit; minus the signal's number when that ended it.
        std::chrono::milliseconds took{0};
    };
    /// Sends SIGTERM and waits.
    End stop();
    /// Waits for it to end by itself.
    End wait();

private:
    firmware::Configuration configuration_;
    pid_t process_ = 0;
};

/// A port of 127.0.0.1 that nobody uses for UDP or TCP now.
Endpoint free_endpoint();

/// Asks for the name's IPv4 address, again every `patience` until `tries` are over.
struct Asked {
    bool is_answered = false;
    bool is_blocked = false;  ///< Answered with 0.0.0.0.
    unsigned tries = 0;
};
Asked ask(const Endpoint& server, const std::string& name, std::chrono::milliseconds patience,
          unsigned tries);

}  // namespace sporvakt::test
