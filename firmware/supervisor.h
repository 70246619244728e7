#pragma once

#include "core/base/clock.h"
#include "core/base/file_descriptor.h"
#include "core/base/result.h"

#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace sporvakt::firmware {

/// What runs in a child process.  Returns when the token asks it to stop; its result is the child's
/// exit code.
using ChildFunction = std::function<int(std::stop_token)>;

/// Children are stopped stage by stage: what gathers, then what stores, then what shows.
enum class StopStage : std::uint8_t { Faces = 0, Keeper = 1, Web = 2 };

enum class Life : std::uint8_t { Began, Ended };

/// What of its parent's rights a child keeps.
enum class Rights : std::uint8_t {
    All,
    Least,  ///< See least_rights.h: for what reads strangers' bytes and needs none.
};

struct Child {
    std::string name;  ///< In front of its log lines.
    StopStage stage = StopStage::Faces;
    ChildFunction run;
    std::string loss;  ///< Said in the log when it dies: what that costs.
    Rights rights = Rights::All;
};

/// Starts child processes, starts again those that die, and stops them in order.
///
/// One thread, and none may exist when run() is called: it forks.  SIGTERM and SIGINT end it,
/// SIGHUP calls `on_hangup`.  A child dies with the supervisor (it gets SIGTERM).
class Supervisor {
public:
    struct Times {
        /// By stage; then SIGKILL.  Stopping takes a few tenths of a second.  On a machine that is
        /// out of breath it is better to be late than to lose what the keeper has still to commit,
        /// while the web role has nothing to lose.
        std::array<std::chrono::milliseconds, 3> stop_grace{std::chrono::milliseconds{800},
                                                            std::chrono::milliseconds{10'000},
                                                            std::chrono::milliseconds{250}};
        std::chrono::milliseconds delay_first{250};
        std::chrono::milliseconds delay_max{4000};
        std::chrono::milliseconds steady_after{10'000};  ///< Alive so long: no delay next time.
    };

    explicit Supervisor(Times times) : times_(times) {}

    /// Before run(), or in a callback.
    void add(Child child);

    /// Runs once in a child of its own; `done` gets its exit code in the supervisor, or -1 when a
    /// signal ended it.
    void run_once(std::string name, ChildFunction task, std::function<void(int)> done);

    /// The same in so long, with no more rights than a child needs that reads strangers' bytes.
    void run_later(std::chrono::milliseconds after, std::string name, ChildFunction task,
                   std::function<void(int)> done);

    /// Stops the child of that name in good order and starts it anew at once.
    void renew(std::string_view name);

    /// Stops the child of that name in good order and does not start it again, or not at all when
    /// it waits for its time.
    void retire(std::string_view name);

    /// Whether all are being stopped, for good.
    [[nodiscard]] bool is_stopping() const { return exit_code_.has_value(); }

    void on_hangup(std::function<void()> call) { on_hangup_ = std::move(call); }

    /// Called in the supervisor whenever there is something to read from the descriptor, which
    /// outlives this.  Another takes the place of the one before; -1: none.
    void on_readable(int descriptor, std::function<void()> call) {
        watched_ = descriptor;
        on_readable_ = std::move(call);
    }

    /// Called in the supervisor whenever a child of that name begins or has ended.
    void on_life(std::function<void(std::string_view, Life)> call) { on_life_ = std::move(call); }

    /// Until told to stop, or a child says at its first start that starting is hopeless (exit
    /// code 64 to 78, sysexits(3)).  The exit code of the program.
    Result<int> run();

private:
    struct Running {
        Child child;
        std::function<void(int)> done;  ///< Set for a task: not started again.
        bool is_retired = false;        ///< Nor is this.
        pid_t process = 0;              ///< 0: not running.
        Moment started;
        std::optional<Moment> start_at;  ///< Due to start.
        std::optional<Moment> kill_at;   ///< Asked to stop; after this it is forced.
        std::chrono::milliseconds delay{0};
        bool ever_restarted = false;
    };

    Result<void> take_signals();
    void read_signals();
    void reap();
    void ended(Running& running, int status);
    void died(Running& running, int status);
    void start(Running& running);
    void start_due();
    void kill_overdue();
    void ask_to_stop(Running& running) const;
    [[nodiscard]] int wait_milliseconds() const;
    [[nodiscard]] std::chrono::milliseconds grace(const Running& running) const;
    void wait_for_events();
    void stop_stage(StopStage stage);
    void stop_all();
    [[nodiscard]] bool is_alive(StopStage stage) const;

    Times times_;
    std::vector<Running> children_;
    std::function<void()> on_hangup_;
    std::function<void(std::string_view, Life)> on_life_ = [](std::string_view, Life) {};
    int watched_ = -1;
    std::function<void()> on_readable_;
    FileDescriptor signals_;
    sigset_t signals_before_{};
    std::optional<int> exit_code_;  ///< Set: time to stop.
};

}  // namespace sporvakt::firmware
