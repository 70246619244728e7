#include "dns/serving/sockets.h"
#include "firmware/commands/commands.h"
#include "tests/support/firmware/running_daemon.h"
#include "tests/support/silence.h"
#include "tests/support/temporary_folder.h"

#include <array>
#include <csignal>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;

TEST_GROUP(DemoCommand) {
    test::TemporaryFolder folder;
    int exit_code = -1;

    void demo(const std::string& options) {
        CLI::App app;
        firmware::add_demo_command(app, exit_code);
        app.parse("demo " + options);
    }
};

TEST(DemoCommand, RefusesOptionsThatMakeNoSense) {
    demo("--speed 0");
    LONGS_EQUAL(64, exit_code);

    demo("--listen-dns nowhere");
    LONGS_EQUAL(64, exit_code);

    demo("--upstream a.name");
    LONGS_EQUAL(64, exit_code);
}

TEST(DemoCommand, SaysWhenAPortIsTaken) {
    const Endpoint endpoint = test::free_endpoint();
    const auto taken = dns::open_sockets(std::array{endpoint}, 1);
    CHECK(taken.has_value());

    demo("--listen-dns " + endpoint.text());

    LONGS_EQUAL(69, exit_code);
}

TEST(DemoCommand, AnswersDnsUntilItIsStopped) {
    const Endpoint dns_endpoint = test::free_endpoint();
    const Endpoint web_endpoint = test::free_endpoint();
    const pid_t process = ::fork();
    if (process == 0) {
        test::silence_errors();
        demo("--upstream 127.0.0.1@9 --listen-dns " + dns_endpoint.text() + " --listen-web " +
             web_endpoint.text() + " --dir " + folder.file("store"));
        ::_exit(exit_code);
    }

    CHECK(test::ask(dns_endpoint, "connect.facebook.net", std::chrono::milliseconds(100), 100)
              .is_answered);
    ::kill(process, SIGTERM);
    int status = 0;
    ::waitpid(process, &status, 0);
    CHECK(WIFEXITED(status));
    LONGS_EQUAL(0, WEXITSTATUS(status));
}
