#pragma once

#include <cstdlib>
#include <functional>
#include <string>

#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sporvakt::test {

/// Runs `body` in a child process with a network of its own, in which nothing but a loopback card
/// is, and returns its exit code; kNoOwnNetwork where the machine does not allow that.
constexpr int kNoOwnNetwork = 177;

inline int in_own_network(const std::function<int()>& body) {
    const pid_t child = ::fork();
    if (child == 0) {
        if (::unshare(CLONE_NEWNET) != 0) {
            ::_exit(kNoOwnNetwork);
        }
        ifreq card{};
        card.ifr_name[0] = 'l';
        card.ifr_name[1] = 'o';
        card.ifr_flags = IFF_UP;
        const int any = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        ::ioctl(any, SIOCSIFFLAGS, &card);  // NOLINT(cppcoreguidelines-pro-type-vararg)
        ::_exit(body());
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// Two ends of a wire without IPv6's own chatter: what is sent on wire0 arrives at lan0.
constexpr const char* kMakeWire =
    "ip link add lan0 address 02:00:00:00:00:01 type veth peer name wire0 && "
    "ip link set lan0 addrgenmode none && ip link set wire0 addrgenmode none && "
    "ip link set wire0 up && ip link set lan0 up";

/// Whether the shell's command succeeds; what it prints is not shown.
inline bool succeeds(const std::string& command) {
    // NOLINTNEXTLINE(cert-env33-c, concurrency-mt-unsafe): the test's own words, in a child
    return std::system(("{ " + command + "; } >/dev/null 2>&1").c_str()) == 0;
}

}  // namespace sporvakt::test
