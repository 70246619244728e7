#pragma once

#include "core/base/clock.h"
#include "firmware/channel.h"
#include "firmware/configuration.h"
#include "firmware/messages.h"
#include "firmware/roles/role_ground.h"
#include "firmware/shared_block.h"
#include "tests/support/temporary_folder.h"

#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <poll.h>

namespace sporvakt::test {

/// What a role stands on, for a role that runs as a thread of the test, and a line of which the
/// test holds the other end.
struct RoleRig {
    TemporaryFolder folder;
    firmware::Configuration configuration;
    firmware::SharedState shared;
    SystemClock clock;
    firmware::Channel ours;
    firmware::Channel theirs;

    RoleRig() {
        configuration.storage_dir = folder.path();
        auto pair = firmware::Channel::open_pair();
        ours = std::move(pair->first);
        theirs = std::move(pair->second);
    }

    [[nodiscard]] firmware::RoleGround ground() {
        return {configuration, shared, clock, folder.file("built-in.mdb")};
    }

    /// Asks again until it is so, for ten seconds at most.
    static bool comes_true(const std::function<bool()>& question) {
        for (int tries = 0; tries < 1'000; ++tries) {
            if (question()) {
                return true;
            }
            ::poll(nullptr, 0, 10);
        }
        return false;
    }

    /// The next message of that kind that comes to our end; others are passed over.
    template <class Wanted>
    [[nodiscard]] std::optional<Wanted> heard() const {
        std::optional<Wanted> found;
        comes_true([&] {
            while (const auto bytes = ours.receive()) {
                const auto message = firmware::decode(*bytes);
                if (message && std::holds_alternative<Wanted>(*message)) {
                    found = std::get<Wanted>(*message);
                    return true;
                }
            }
            return false;
        });
        return found;
    }
};

/// A role in a thread; stopped and waited for at the latest when it goes.
class RoleThread {
public:
    explicit RoleThread(std::function<int(std::stop_token)> role)
        : thread_([this, role = std::move(role)](const std::stop_token& stop) {
              code_ = role(stop);
          }) {}

    /// Its exit code, after it was told to stop.
    int stop() {
        thread_.request_stop();
        return wait();
    }
    /// Its exit code, when it ends by itself.
    int wait() {
        thread_.join();
        return code_;
    }

private:
    int code_ = -1;
    std::jthread thread_;
};

}  // namespace sporvakt::test
