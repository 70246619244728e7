#include "dns/serving/event_loop.h"

#include "core/base/assert.h"

#include <cstdint>
#include <utility>

#include <event2/event.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace sporvakt::dns {
namespace {

class EventWatch final : public EventLoop::Watch {
public:
    EventWatch(event_base* base, int descriptor, int what, EventLoop::Action action)
        : action_(std::move(action)),
          event_(event_new(base, descriptor, static_cast<std::int16_t>(what), run, this)) {
        SPORVAKT_ASSERT(event_ != nullptr);
    }
    EventWatch(const EventWatch&) = delete;
    EventWatch& operator=(const EventWatch&) = delete;
    EventWatch(EventWatch&&) = delete;
    EventWatch& operator=(EventWatch&&) = delete;
    ~EventWatch() override { event_free(event_); }

    void begin(const timeval* period) { event_add(event_, period); }

private:
    static void run(int /*descriptor*/, std::int16_t /*what*/, void* self) noexcept {
        // The action may end its own watch, and with it the function that is running.
        const EventLoop::Action action = static_cast<EventWatch*>(self)->action_;
        action();
    }

    EventLoop::Action action_;
    event* event_;
};

}  // namespace

Result<std::unique_ptr<EventLoop>> EventLoop::create() {
    FileDescriptor wake(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    if (!wake.is_open()) {
        return system_failure("resolver: cannot open an eventfd");
    }
    event_base* base = event_base_new();
    if (base == nullptr) {
        return fail(Errc::Unavailable, "resolver: libevent cannot start an event loop");
    }
    return std::unique_ptr<EventLoop>(new EventLoop(base, std::move(wake)));
}

EventLoop::EventLoop(event_base* base, FileDescriptor wake) : base_(base), wake_(std::move(wake)) {
    wake_watch_ = when_readable(wake_.get(), [this] { run_posted(); });
}

EventLoop::~EventLoop() {
    wake_watch_.reset();
    event_base_free(base_);
}

std::unique_ptr<EventLoop::Watch> EventLoop::watch(int descriptor, int what, Action action) {
    auto watch =
        std::make_unique<EventWatch>(base_, descriptor, what | EV_PERSIST, std::move(action));
    watch->begin(nullptr);
    return watch;
}

std::unique_ptr<EventLoop::Watch> EventLoop::when_readable(int descriptor, Action action) {
    return watch(descriptor, EV_READ, std::move(action));
}

std::unique_ptr<EventLoop::Watch> EventLoop::when_writable(int descriptor, Action action) {
    return watch(descriptor, EV_WRITE, std::move(action));
}

std::unique_ptr<EventLoop::Watch> EventLoop::every(std::chrono::milliseconds period,
                                                   Action action) {
    auto watch = std::make_unique<EventWatch>(base_, -1, EV_PERSIST, std::move(action));
    timeval interval{};
    interval.tv_sec = period.count() / 1000;
    interval.tv_usec = (period.count() % 1000) * 1000;
    watch->begin(&interval);
    return watch;
}

void EventLoop::after_each_turn(Action action) {
    after_each_turn_.push_back(std::move(action));
}

void EventLoop::post(Action action) {
    {
        const std::lock_guard lock(mutex_);
        posted_.push_back(std::move(action));
    }
    // Fails only when 2^64 wake-ups are unread: then the loop is awake anyway.
    [[maybe_unused]] const int written = eventfd_write(wake_.get(), 1);
}

void EventLoop::run_posted() {
    eventfd_t unread = 0;
    [[maybe_unused]] const int read = eventfd_read(wake_.get(), &unread);
    std::vector<Action> actions;
    {
        const std::lock_guard lock(mutex_);
        actions.swap(posted_);
    }
    for (const Action& action : actions) {
        action();
    }
}

void EventLoop::run() {
    while (!is_stopping_) {
        event_base_loop(base_, EVLOOP_ONCE);
        for (const Action& action : after_each_turn_) {
            action();
        }
    }
}

void EventLoop::stop() {
    post([this] { is_stopping_ = true; });
}

}  // namespace sporvakt::dns
