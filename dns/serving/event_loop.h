#pragma once

#include "core/base/file_descriptor.h"
#include "core/base/result.h"

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

struct event_base;  // libevent's; libunbound works on the same one

namespace sporvakt::dns {

/// One thread's waiting: for sockets, for time, and for what other threads hand over.
///
/// Everything but post() and stop() belongs to the thread that runs the loop (before run(): to the
/// one that builds it).  Watches must go before the loop does.
class EventLoop {
public:
    using Action = std::function<void()>;

    /// What was asked for ends when this is destroyed.
    class Watch {
    public:
        Watch() = default;
        Watch(const Watch&) = delete;
        Watch& operator=(const Watch&) = delete;
        Watch(Watch&&) = delete;
        Watch& operator=(Watch&&) = delete;
        virtual ~Watch() = default;
    };

    static Result<std::unique_ptr<EventLoop>> create();

    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;
    EventLoop(EventLoop&&) = delete;
    EventLoop& operator=(EventLoop&&) = delete;
    ~EventLoop();

    /// Runs `action` whenever the descriptor is ready; the descriptor stays the caller's.
    [[nodiscard]] std::unique_ptr<Watch> when_readable(int descriptor, Action action);
    [[nodiscard]] std::unique_ptr<Watch> when_writable(int descriptor, Action action);
    [[nodiscard]] std::unique_ptr<Watch> every(std::chrono::milliseconds period, Action action);

    /// Runs `action` each time that all that was ready has been served, before the loop waits
    /// again. Before run(), and for as long as the loop runs.
    void after_each_turn(Action action);

    /// Runs `action` once on the loop's thread.  Thread-safe; never waits.
    void post(Action action);

    /// Serves until stop().
    void run();

    /// Thread-safe; also before run().
    void stop();

    [[nodiscard]] event_base* base() const { return base_; }

private:
    EventLoop(event_base* base, FileDescriptor wake);
    std::unique_ptr<Watch> watch(int descriptor, int what, Action action);
    void run_posted();

    event_base* base_;
    FileDescriptor wake_;  // eventfd: libevent's own wake-up would want its thread support
    std::unique_ptr<Watch> wake_watch_;
    std::mutex mutex_;
    std::vector<Action> posted_;
    std::vector<Action> after_each_turn_;
    bool is_stopping_ = false;  // of the loop's thread alone
};

}  // namespace sporvakt::dns
