#include "firmware/roles/least_rights.h"

#include "tests/support/temporary_folder.h"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <string>

#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CppUTest/TestHarness.h>

using sporvakt::firmware::keep_least_rights;

namespace {

/// "CapEff" -> "0000000000000000"
std::string own_status(const std::string& key) {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with(key + ":\t")) {
            return line.substr(key.size() + 2);
        }
    }
    return {};
}

constexpr const char* kNone = "0000000000000000";

}  // namespace

// Each in a child: what is given up does not come back.
TEST_GROUP(LeastRights){template <class Body>
                        static int in_child(const Body& body){const pid_t child = ::fork();
if (child == 0) {
    ::_exit(body() ? 0 : 1);
}
int status = 0;
::waitpid(child, &status, 0);
return status;
}
}
;

TEST(LeastRights, NothingIsLeftThatASystemGuards) {
    LONGS_EQUAL(0, in_child([] {
                    return keep_least_rights().has_value() && own_status("CapEff") == kNone &&
                           own_status("CapPrm") == kNone && own_status("CapInh") == kNone &&
                           own_status("CapAmb") == kNone && own_status("NoNewPrivs") == "1";
                }));
}

TEST(LeastRights, TheKernelSaysNoFromThenOn) {
    LONGS_EQUAL(0, in_child([] {
                    const bool is_done = keep_least_rights().has_value();
                    errno = 0;
                    const bool is_refused =
                        ::mount("none", "/proc", "tmpfs", 0, nullptr) != 0 && errno == EPERM;
                    return is_done && is_refused;
                }));
}

TEST(LeastRights, OwnFilesStayWithinReach) {
    const sporvakt::test::TemporaryFolder folder;
    LONGS_EQUAL(0, in_child([&folder] {
                    const bool is_done = keep_least_rights().has_value();
                    std::ofstream file(folder.file("status"));
                    file << "x" << std::flush;
                    return is_done && file.good();
                }));
}

TEST(LeastRights, MayBeGivenUpTwice) {
    LONGS_EQUAL(0, in_child([] {
                    return keep_least_rights().has_value() && keep_least_rights().has_value();
                }));
}
