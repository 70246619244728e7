#include "firmware/gate/program.h"

#include "core/base/clock.h"
#include "core/base/file_descriptor.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sporvakt::firmware {
namespace {

using std::chrono::milliseconds;

/// What the program starts with: our streams, and no signal blocked, though some are with us.
class Preparation {
public:
    Preparation(int input, int output) {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
        ::posix_spawnattr_init(&attributes_);
        sigset_t none{};
        ::sigemptyset(&none);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK);
    }
    Preparation(const Preparation&) = delete;
    Preparation& operator=(const Preparation&) = delete;
    Preparation(Preparation&&) = delete;
    Preparation& operator=(Preparation&&) = delete;
    ~Preparation() {
        ::posix_spawnattr_destroy(&attributes_);
        ::posix_spawn_file_actions_destroy(&actions_);
    }

    /// errno's number; 0 when it runs.
    int start(std::vector<std::string> words, pid_t& process) const {
        std::vector<char*> arguments(words.size() + 1, nullptr);
        std::transform(words.begin(), words.end(), arguments.begin(),
                       [](std::string& word) { return word.data(); });
        return ::posix_spawnp(&process, arguments.front(), &actions_, &attributes_,
                              arguments.data(), environ);
    }

private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

/// A file in memory and not a pipe: whoever does not read it must not end us by SIGPIPE.
Result<FileDescriptor> file_of(std::string_view text) {
    FileDescriptor file(::memfd_create("input", MFD_CLOEXEC));
    if (!file.is_open()) {
        return system_failure("cannot make a file in memory");
    }
    while (!text.empty()) {
        const ssize_t written = ::write(file.get(), text.data(), text.size());
        if (written < 0) {
            return system_failure("cannot write a file in memory");
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    ::lseek(file.get(), 0, SEEK_SET);
    return file;
}

/// Whether the program closed its output in time.
bool read_until_closed(int pipe, Moment deadline, std::string& output) {
    std::array<char, 4096> piece{};
    while (true) {
        const auto left =
            std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
        std::array<pollfd, 1> watched{{{pipe, POLLIN, 0}}};
        if (left.count() <= 0 || ::poll(watched.data(), 1, static_cast<int>(left.count())) == 0) {
            return false;
        }
        const ssize_t length = ::read(pipe, piece.data(), piece.size());
        if (length == 0 || (length < 0 && errno != EINTR && errno != EAGAIN)) {
            return true;
        }
        const auto room = kProgramOutputMax - output.size();
        output.append(piece.data(),
                      std::min(room, static_cast<std::size_t>(std::max<ssize_t>(length, 0))));
    }
}

/// Whether it ended in time; it may go on after it has closed its output.
bool wait_for_end(pid_t process, Moment deadline, int& status) {
    constexpr int kStepMilliseconds = 2;
    while (::waitpid(process, &status, WNOHANG) == 0) {
        if (std::chrono::steady_clock::now() >= deadline) {
            return false;
        }
        (void)::poll(nullptr, 0, kStepMilliseconds);
    }
    return true;
}

}  // namespace

Result<ProgramEnd> run_program(const std::vector<std::string>& words, std::string_view input,
                               milliseconds time_max) {
    const Moment deadline = std::chrono::steady_clock::now() + time_max;
    const FileDescriptor file = SPORVAKT_TRY(file_of(input));
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return system_failure("cannot make a pipe");
    }
    const FileDescriptor reading(ends[0]);
    FileDescriptor writing(ends[1]);
    pid_t process = 0;
    const int failure = Preparation(file.get(), writing.get()).start(words, process);
    if (failure != 0) {
        return fail(failure == ENOENT ? Errc::NotFound : Errc::Unavailable,
                    fmt::format("cannot run {}: {}", words.front(), ::strerrordesc_np(failure)));
    }
    writing = FileDescriptor();
    ProgramEnd end;
    int status = 0;
    if (!read_until_closed(reading.get(), deadline, end.output) ||
        !wait_for_end(process, deadline, status)) {
        ::kill(process, SIGKILL);
        ::waitpid(process, &status, 0);
        return end;
    }
    end.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return end;
}

}  // namespace sporvakt::firmware
