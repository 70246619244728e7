#include "core/base/file_descriptor.h"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <CppUTest/TestHarness.h>

using sporvakt::FileDescriptor;

namespace {

FileDescriptor some_file() {
    return FileDescriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

bool is_open_in_kernel(int descriptor) {
    return ::fcntl(descriptor, F_GETFD) != -1;
}

}  // namespace

TEST_GROUP(FileDescriptor){};

TEST(FileDescriptor, ClosesWhatItOwns) {
    int number = -1;
    {
        const FileDescriptor file = some_file();
        number = file.get();
        CHECK_TRUE(is_open_in_kernel(number));
    }
    CHECK_FALSE(is_open_in_kernel(number));
}

TEST(FileDescriptor, HandsOverWhenMoved) {
    FileDescriptor first = some_file();
    const int number = first.get();

    FileDescriptor second;
    second = std::move(first);

    LONGS_EQUAL(number, second.get());
    CHECK_TRUE(is_open_in_kernel(number));
}

TEST(FileDescriptor, LetsGoOnRequest) {
    FileDescriptor file = some_file();
    const FileDescriptor owner(file.release());

    CHECK_FALSE(file.is_open());
    CHECK_TRUE(owner.is_open());
}

TEST(FileDescriptor, TellsWhyASystemCallFailed) {
    errno = ENOENT;

    STRCMP_EQUAL("open x: No such file or directory",
                 sporvakt::system_failure("open x").value().message.c_str());
}
