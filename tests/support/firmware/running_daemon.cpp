#include "tests/support/firmware/running_daemon.h"

#include "core/base/file_descriptor.h"
#include "firmware/daemon.h"
#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_reading.h"

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <vector>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sporvakt::test {
namespace {

using std::chrono::steady_clock;

constexpr std::uint16_t kAddressRecord = 1;

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

const sockaddr* generic(const sockaddr_in& address) {
    return static_cast<const sockaddr*>(static_cast<const void*>(&address));
}

std::string first_line(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

pid_t child_now(pid_t parent, const std::string& name, pid_t other_than) {
    const std::string number = std::to_string(parent);
    std::ifstream children("/proc/" + number + "/task/" + number + "/children");
    for (pid_t child = 0; children >> child;) {
        if (child != other_than && first_line("/proc/" + std::to_string(child) + "/comm") == name) {
            return child;
        }
    }
    return 0;
}

}  // namespace

RunningDaemon::RunningDaemon(firmware::Configuration configuration,
                             const firmware::Configuration* next)
    : configuration_(std::move(configuration)) {
    configuration_.dns.listen = {free_endpoint()};
    configuration_.web.listen = {free_endpoint()};
    process_ = ::fork();
    if (process_ == 0) {
        // What it logs is of no interest unless somebody looks for a fault.
        if (std::getenv("SPORVAKT_TEST_LOG") == nullptr &&
            std::freopen("/dev/null", "w", stderr) == nullptr) {
            ::_exit(EXIT_FAILURE);
        }
        const auto reread = [next, this]() -> Result<firmware::Configuration> {
            firmware::Configuration again = next == nullptr ? configuration_ : *next;
            again.dns.listen = configuration_.dns.listen;
            again.web.listen = configuration_.web.listen;
            return again;
        };
        ::_exit(firmware::run_daemon(configuration_, {reread, "test"}));
    }
}

RunningDaemon::~RunningDaemon() {
    if (process_ > 0) {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }
}

void RunningDaemon::signal(int number) const {
    ::kill(process_, number);
}

pid_t RunningDaemon::child(const std::string& name, pid_t other_than) const {
    const auto deadline = steady_clock::now() + kPatience;
    while (steady_clock::now() < deadline) {
        if (const pid_t found = child_now(process_, name, other_than); found != 0) {
            return found;
        }
        ::poll(nullptr, 0, 5);
    }
    return 0;
}

RunningDaemon::End RunningDaemon::stop() {
    signal(SIGTERM);
    return wait();
}

RunningDaemon::End RunningDaemon::wait() {
    const auto from = steady_clock::now();
    int status = 0;
    ::waitpid(process_, &status, 0);
    process_ = 0;
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status),
            std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - from)};
}

Endpoint free_endpoint() {
    while (true) {
        const FileDescriptor tcp(::socket(AF_INET, SOCK_STREAM, 0));
        const FileDescriptor udp(::socket(AF_INET, SOCK_DGRAM, 0));
        sockaddr_in address = loopback(0);
        socklen_t length = sizeof address;
        if (::bind(tcp.get(), generic(address), sizeof address) != 0 ||
            ::getsockname(tcp.get(), static_cast<sockaddr*>(static_cast<void*>(&address)),
                          &length) != 0) {
            std::abort();  // no test can say anything without it
        }
        if (::bind(udp.get(), generic(address), sizeof address) == 0) {
            return {*IpAddress::from_text("127.0.0.1"), ntohs(address.sin_port)};
        }
    }
}

Asked ask(const Endpoint& server, const std::string& name, std::chrono::milliseconds patience,
          unsigned tries) {
    const FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM, 0));
    const sockaddr_in address = loopback(server.port);
    (void)::connect(socket.get(), generic(address), sizeof address);
    const auto query = DnsBuilder::query(name, kAddressRecord).build();
    Asked asked;
    while (!asked.is_answered && asked.tries < tries) {
        ++asked.tries;
        (void)::send(socket.get(), query.data(), query.size(), MSG_NOSIGNAL);
        std::array<pollfd, 1> watched{{{socket.get(), POLLIN, 0}}};
        std::array<std::uint8_t, 1500> bytes{};
        if (::poll(watched.data(), 1, static_cast<int>(patience.count())) != 1) {
            continue;
        }
        const ssize_t got = ::recv(socket.get(), bytes.data(), bytes.size(), 0);
        if (got <= 0) {
            ::poll(nullptr, 0, static_cast<int>(patience.count()));  // nobody listens there yet
        } else {
            const DnsReading reply(Bytes(bytes).first(static_cast<std::size_t>(got)));
            asked.is_answered = true;
            asked.is_blocked =
                reply.data_of(kAddressRecord) == std::vector<std::uint8_t>{0, 0, 0, 0};
        }
    }
    return asked;
}

}  // namespace sporvakt::test
