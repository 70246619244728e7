#include "firmware/supervisor.h"

#include "core/base/log.h"
#include "firmware/roles/least_rights.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <thread>

#include <fmt/core.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sporvakt::firmware {
namespace {

using std::chrono::milliseconds;

constexpr int kHopelessFirst = 64;  // sysexits(3): EX_USAGE
constexpr int kHopelessLast = 78;   //              EX_CONFIG

// What the supervisor reads from its signalfd, and what a child starts with blocked.
sigset_t supervised_signals() {
    sigset_t signals{};
    ::sigemptyset(&signals);
    for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) {
        ::sigaddset(&signals, number);
    }
    return signals;
}

// SIGTERM stays blocked in every thread of the child; this one alone waits for it.
void stop_on_sigterm(const std::stop_source& stop) {
    std::thread([stop]() mutable {
        sigset_t termination{};
        ::sigemptyset(&termination);
        ::sigaddset(&termination, SIGTERM);
        int number = 0;
        ::sigwait(&termination, &number);
        stop.request_stop();
    }).detach();  // lives as long as the process
}

[[noreturn]] void be_child(const Child& child, pid_t supervisor) {
    // A terminal's ^C and hang-up reach the whole process group; the supervisor alone decides.
    for (const int number : {SIGINT, SIGHUP, SIGPIPE}) {
        (void)std::signal(number, SIG_IGN);
    }
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != supervisor) {
        ::_exit(1);  // it died before it could be watched
    }
    ::prctl(PR_SET_NAME, child.name.c_str());
    log::set_role(child.name);
    if (child.rights == Rights::Least) {
        // Here, where there is one thread: rights are a thread's.
        if (const auto kept = keep_least_rights(); !kept) {
            log::error(kept.error().message);
            ::_exit(1);
        }
    }
    const std::stop_source stop;
    stop_on_sigterm(stop);
    const int code = child.run(stop.get_token());
    (void)std::fflush(nullptr);
    ::_exit(code);  // not exit(): what the supervisor built is not the child's to take down
}

std::string way_of_death(int status) {
    if (WIFSIGNALED(status)) {
        const int number = WTERMSIG(status);
        return fmt::format("was ended by signal {} ({})", number, ::sigdescr_np(number));
    }
    return fmt::format("ended by itself with exit code {}", WEXITSTATUS(status));
}

}  // namespace

void Supervisor::add(Child child) {
    Running running;
    running.child = std::move(child);
    running.start_at = Moment{};
    children_.push_back(std::move(running));
}

void Supervisor::run_once(std::string name, ChildFunction task, std::function<void(int)> done) {
    add({std::move(name), StopStage::Faces, std::move(task), ""});
    children_.back().done = std::move(done);
}

void Supervisor::run_later(milliseconds after, std::string name, ChildFunction task,
                           std::function<void(int)> done) {
    run_once(std::move(name), std::move(task), std::move(done));
    children_.back().child.rights = Rights::Least;
    children_.back().start_at = std::chrono::steady_clock::now() + after;
}

void Supervisor::renew(std::string_view name) {
    for (Running& running : children_) {
        if (running.child.name == name && running.process != 0) {
            ask_to_stop(running);
        }
    }
}

void Supervisor::retire(std::string_view name) {
    for (Running& running : children_) {
        if (running.child.name == name) {
            running.is_retired = true;
            running.start_at.reset();
            if (running.process != 0) {
                ask_to_stop(running);
            }
        }
    }
}

Result<int> Supervisor::run() {
    SPORVAKT_TRY(take_signals());
    start_due();
    while (!exit_code_) {
        wait_for_events();
        read_signals();
        reap();
        kill_overdue();
        if (!exit_code_) {
            start_due();
        }
    }
    stop_all();
    ::pthread_sigmask(SIG_SETMASK, &signals_before_, nullptr);
    return *exit_code_;
}

Result<void> Supervisor::take_signals() {
    const sigset_t wanted = supervised_signals();
    ::pthread_sigmask(SIG_BLOCK, &wanted, &signals_before_);
    signals_ = FileDescriptor(::signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC));
    if (!signals_.is_open()) {
        return system_failure("cannot listen for signals");
    }
    return {};
}

void Supervisor::read_signals() {
    signalfd_siginfo received{};
    while (::read(signals_.get(), &received, sizeof received) == sizeof received) {
        const int number = static_cast<int>(received.ssi_signo);
        if (number == SIGTERM || number == SIGINT) {
            exit_code_ = exit_code_.value_or(0);
        } else if (number == SIGHUP && on_hangup_) {
            on_hangup_();
        }
    }
}

// Each child by its own number: other children of this process are none of our business.
void Supervisor::reap() {
    // NOLINTNEXTLINE(modernize-loop-convert): ended() may call back, which may add children.
    for (std::size_t index = 0; index < children_.size(); ++index) {
        int status = 0;
        const pid_t process = children_[index].process;
        if (process != 0 && ::waitpid(process, &status, WNOHANG) == process) {
            ended(children_[index], status);
        }
    }
    std::erase_if(children_, [](const Running& running) {
        const bool is_over = running.done || running.is_retired;
        return is_over && running.process == 0 && !running.start_at;
    });
}

void Supervisor::ended(Running& running, int status) {
    running.process = 0;
    on_life_(running.child.name, Life::Ended);
    if (running.done) {
        // The callback may add children, which moves `running`.
        const auto done = running.done;
        done(WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    } else if (exit_code_ || running.is_retired) {
        running.start_at.reset();  // is not started any more
    } else if (running.kill_at) {  // as it was asked to
        running.kill_at.reset();
        running.delay = milliseconds{0};
        running.start_at = Moment{};
    } else {
        died(running, status);
    }
}

void Supervisor::died(Running& running, int status) {
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (!running.ever_restarted && code >= kHopelessFirst && code <= kHopelessLast) {
        exit_code_ = exit_code_.value_or(code);
        return;
    }
    const Moment now = std::chrono::steady_clock::now();
    const bool was_steady = now - running.started >= times_.steady_after;
    const milliseconds delay = was_steady ? milliseconds{0} : running.delay;
    log::warning(fmt::format(
        "the {} {}; it is started again {}; {}", running.child.name, way_of_death(status),
        delay.count() == 0 ? std::string("at once") : fmt::format("in {} ms", delay.count()),
        running.child.loss));
    running.start_at = now + delay;
    running.delay = std::clamp(delay * 2, times_.delay_first, times_.delay_max);
    running.ever_restarted = true;
}

void Supervisor::start(Running& running) {
    (void)std::fflush(nullptr);  // else the child prints it a second time
    const pid_t supervisor = ::getpid();
    const pid_t process = ::fork();
    if (process == 0) {
        signals_ = FileDescriptor();
        be_child(running.child, supervisor);
    }
    running.started = std::chrono::steady_clock::now();
    if (process < 0) {
        log::error(
            fmt::format("cannot start the {}: {}", running.child.name, ::strerrordesc_np(errno)));
        running.start_at = running.started + times_.delay_max;
        return;
    }
    running.start_at.reset();
    running.process = process;
    on_life_(running.child.name, Life::Began);
}

void Supervisor::start_due() {
    const Moment now = std::chrono::steady_clock::now();
    for (Running& running : children_) {
        if (running.process == 0 && running.start_at && *running.start_at <= now) {
            start(running);
        }
    }
}

void Supervisor::kill_overdue() {
    const Moment now = std::chrono::steady_clock::now();
    for (Running& running : children_) {
        if (running.process != 0 && running.kill_at && *running.kill_at <= now) {
            log::warning(
                fmt::format("the {} did not stop in time and is forced to", running.child.name));
            ::kill(running.process, SIGKILL);
            running.kill_at = now + grace(running);
        }
    }
}

void Supervisor::ask_to_stop(Running& running) const {
    if (!running.kill_at) {
        ::kill(running.process, SIGTERM);
        running.kill_at = std::chrono::steady_clock::now() + grace(running);
    }
}

milliseconds Supervisor::grace(const Running& running) const {
    return times_.stop_grace.at(static_cast<std::size_t>(running.child.stage));
}

int Supervisor::wait_milliseconds() const {
    std::optional<Moment> next;
    for (const Running& running : children_) {
        const std::optional<Moment>& due =
            running.process == 0 ? running.start_at : running.kill_at;
        if (due && (!next || *due < *next)) {
            next = due;
        }
    }
    if (!next) {
        return -1;
    }
    const auto left = std::chrono::ceil<milliseconds>(*next - std::chrono::steady_clock::now());
    return static_cast<int>(std::clamp<milliseconds::rep>(left.count(), 0, 60'000));
}

void Supervisor::wait_for_events() {
    const int other = exit_code_ ? -1 : watched_;  // poll(2) passes over -1
    std::array<pollfd, 2> watched{{{signals_.get(), POLLIN, 0}, {other, POLLIN, 0}}};
    const int ready = ::poll(watched.data(), watched.size(), wait_milliseconds());
    if (ready > 0 && watched[1].revents != 0) {
        on_readable_();
    }
}

bool Supervisor::is_alive(StopStage stage) const {
    return std::any_of(children_.begin(), children_.end(), [stage](const Running& running) {
        return running.process != 0 && running.child.stage == stage;
    });
}

void Supervisor::stop_stage(StopStage stage) {
    for (Running& running : children_) {
        if (running.process != 0 && running.child.stage == stage) {
            ask_to_stop(running);
        }
    }
    while (is_alive(stage)) {
        wait_for_events();
        signalfd_siginfo received{};
        while (::read(signals_.get(), &received, sizeof received) == sizeof received) {
        }
        reap();
        kill_overdue();
    }
}

void Supervisor::stop_all() {
    for (Running& running : children_) {
        running.start_at.reset();
    }
    for (const StopStage stage : {StopStage::Faces, StopStage::Keeper, StopStage::Web}) {
        stop_stage(stage);
    }
}

}  // namespace sporvakt::firmware
