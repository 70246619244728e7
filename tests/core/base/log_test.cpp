#include "core/base/log.h"

#include "core/base/file_descriptor.h"

#include <array>
#include <string>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CppUTest/TestHarness.h>

using sporvakt::FileDescriptor;

namespace {

/// What a child process that logs one line leaves on its standard error.
std::string logged_by_child(const char* message) {
    std::array<int, 2> ends{};
    LONGS_EQUAL(0, ::pipe2(ends.data(), O_CLOEXEC));
    const FileDescriptor reading(ends[0]);
    FileDescriptor writing(ends[1]);
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(writing.get(), STDERR_FILENO);
        sporvakt::log::set_role("keeper");
        sporvakt::log::warning(message);
        ::_exit(0);
    }
    writing = FileDescriptor();
    ::waitpid(child, nullptr, 0);

    std::array<char, 512> text{};
    const ssize_t length = ::read(reading.get(), text.data(), text.size());
    return {text.data(), static_cast<std::size_t>(length > 0 ? length : 0)};
}

}  // namespace

TEST_GROUP(Log){};

TEST(Log, WritesOneLineToStandardError) {
    const std::string line = logged_by_child("the port is taken {not a format}");

    CHECK(line.find("keeper: the port is taken {not a format}\n") != std::string::npos);
}
