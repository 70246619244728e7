#include "firmware/lists/update_watch.h"

#include "core/base/clock.h"
#include "firmware/lists/list_updater.h"
#include "tests/support/temporary_folder.h"

#include <csignal>
#include <fstream>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using firmware::UpdateWatch;

TEST_GROUP(UpdateWatch) {
    test::TemporaryFolder folder;
    std::string lists = folder.file("lists");
    Result<UpdateWatch> watch = UpdateWatch::open(lists);

    void update() const {
        const SystemClock clock;
        firmware::ListUpdater updater(lists, firmware::Fetcher({}), firmware::Safeguard({}), clock,
                                      {});
        CHECK(updater.update({}, {}, {}).has_value());
    }
};

TEST(UpdateWatch, NoticesAnUpdateOnceItHasEnded) {
    CHECK(watch.has_value());
    CHECK_FALSE(watch->take_end());
    update();
    CHECK_TRUE(watch->take_end());
    CHECK_FALSE(watch->take_end());
}

TEST(UpdateWatch, PassesOverWhatElseHappensInTheFolder) {
    for (int i = 0; i < 500; ++i) {  // more than one reading's worth
        std::ofstream(lists + "/list" + std::to_string(i) + ".part") << "a.example\n";
    }
    CHECK_FALSE(watch->take_end());
    update();
    CHECK_TRUE(watch->take_end());
}

TEST(UpdateWatch, NoticesAnUpdateThatWasKilled) {
    int pipe[2] = {};
    CHECK_EQUAL(0, ::pipe(pipe));
    const pid_t child = ::fork();
    if (child == 0) {
        const std::ofstream lock(lists + "/" + std::string(firmware::kUpdateLock));
        (void)!::write(pipe[1], "x", 1);
        while (true) {
            ::pause();
        }
    }
    char ready = 0;
    CHECK_EQUAL(1, ::read(pipe[0], &ready, 1));
    CHECK_FALSE(watch->take_end());
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    CHECK_TRUE(watch->take_end());
    ::close(pipe[0]);
    ::close(pipe[1]);
}

TEST(UpdateWatch, SaysWhatFolderItCannotWatch) {
    std::ofstream(folder.file("a file")) << "x";
    const auto opened = UpdateWatch::open(folder.file("a file") + "/lists");
    CHECK_FALSE(opened.has_value());
    STRCMP_CONTAINS("a file/lists", opened.error().message.c_str());
}
