#include "firmware/roles/web_role.h"

#include "core/base/file_descriptor.h"
#include "core/ledger/ledger_file.h"
#include "tests/support/firmware/role_rig.h"
#include "tests/support/firmware/running_daemon.h"

#include <array>
#include <string>

#include <netinet/in.h>
#include <sys/socket.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::firmware;

TEST_GROUP(WebRole) {
    test::RoleRig rig;
    const Endpoint endpoint = test::free_endpoint();

    void setup() override {
        rig.configuration.web.listen = {endpoint};
        // As the keeper leaves it.
        CHECK(ledger::open_ledger_file(rig.folder.file("ledger.mdb"), store::Access::ReadWrite)
                  .has_value());
    }

    int serve(const std::stop_token& stop) {
        return run_web_role({rig.ground(), std::move(rig.theirs), "test"}, stop);
    }

    // The first line of the answer; empty while nobody answers.
    std::string get(const std::string& path) const {
        const FileDescriptor socket(::socket(AF_INET, SOCK_STREAM, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(endpoint.port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket.get(),
                      static_cast<const sockaddr*>(static_cast<const void*>(&address)),
                      sizeof address) != 0) {
            return "";
        }
        const std::string request =
            "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        (void)::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL);
        std::array<char, 512> answer{};
        const ssize_t got = ::recv(socket.get(), answer.data(), answer.size() - 1, 0);
        const std::string text(answer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
        return text.substr(0, text.find("\r\n"));
    }
};

TEST(WebRole, ServesThePageUntilItIsStopped) {
    test::RoleThread web([this](const std::stop_token& stop) { return serve(stop); });

    CHECK(rig.comes_true([this] { return get("/api/v1/health") == "HTTP/1.1 200 OK"; }));
    CHECK(rig.heard<WebBegan>().has_value());

    LONGS_EQUAL(0, web.stop());
}

TEST(WebRole, SaysWhenItsPortIsTaken) {
    const FileDescriptor taken(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(endpoint.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK_EQUAL(
        0, ::bind(taken.get(), static_cast<const sockaddr*>(static_cast<const void*>(&address)),
                  sizeof address));
    CHECK_EQUAL(0, ::listen(taken.get(), 1));

    test::RoleThread web([this](const std::stop_token& stop) { return serve(stop); });

    LONGS_EQUAL(69, web.wait());
}

TEST(WebRole, StopsWhileItWaitsForTheKeeper) {
    rig.configuration.storage_dir = rig.folder.file("nothing-here-yet");
    test::RoleThread web([this](const std::stop_token& stop) { return serve(stop); });

    LONGS_EQUAL(0, web.stop());
}
