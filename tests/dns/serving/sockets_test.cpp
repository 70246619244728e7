#include "dns/serving/sockets.h"

#include "tests/support/dns/dns_rig.h"

#include <string>
#include <vector>

#include <sys/socket.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::Endpoint;
using sporvakt::Errc;
using sporvakt::test::loopback_endpoint;

TEST_GROUP(Sockets){
    static std::string error_of(const Endpoint& endpoint){const std::vector listen{endpoint};
const auto sockets = open_sockets(listen, 1);
return sockets ? "" : sockets.error().message;
}
static int option_of(const sporvakt::FileDescriptor& socket, int option) {
    int value = 0;
    socklen_t length = sizeof(value);
    getsockopt(socket.get(), SOL_SOCKET, option, &value, &length);
    return value;
}
// CAP_NET_ADMIN, which root has outside of containers.
static bool may_go_beyond_limits(const sporvakt::FileDescriptor& socket) {
    const int bytes = 4096;
    return setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof(bytes)) == 0;
}
static bool says(const std::string& message, const std::string& part) {
    return message.find(part) != std::string::npos;
}
}
;

TEST(Sockets, GivesEachWorkerItsOwnOnEveryAddress) {
    const std::vector listen{loopback_endpoint(), loopback_endpoint()};
    const auto sockets = open_sockets(listen, 3);

    LONGS_EQUAL(3, sockets->workers.size());
    LONGS_EQUAL(2, sockets->workers[2].udp.size());
    LONGS_EQUAL(2, sockets->workers[2].tcp.size());
    CHECK(sockets->endpoints[0].port != 0);
    CHECK(sockets->endpoints[0].port != sockets->endpoints[1].port);
}

TEST(Sockets, LetTheKernelKeepLittleForClientsThatDoNotRead) {
    const std::vector listen{loopback_endpoint()};
    const auto sockets = open_sockets(listen, 1);
    const int bytes = option_of(sockets->workers[0].tcp[0], SO_SNDBUF);

    CHECK(bytes >= 64 * 1024);
    CHECK(bytes <= 2 * 64 * 1024);  // the kernel doubles it, for its own bookkeeping
}

TEST(Sockets, KeepABurstWhileTheResolverRestarts) {
    constexpr int kBurst = 4 * 1024 * 1024;
    const std::vector listen{loopback_endpoint()};
    const auto sockets = open_sockets(listen, 1);
    const auto& socket = sockets->workers[0].udp[0];
    const int wanted = may_go_beyond_limits(socket) ? kBurst : 128 * 1024;

    CHECK(option_of(socket, SO_RCVBUF) >= wanted);
}

TEST(Sockets, SaysThatAPortIsTaken) {
    const std::vector listen{loopback_endpoint()};
    const auto first = open_sockets(listen, 2);
    const Endpoint taken = first->endpoints[0];

    const std::string message = error_of(taken);

    CHECK_TRUE(says(message, taken.text() + " (UDP)"));
    CHECK_TRUE(says(message, "another program answers DNS there"));
}

TEST(Sockets, SaysThatAnAddressIsNotThisMachines) {
    const std::string message = error_of(*Endpoint::from_text("192.0.2.1:53535"));

    CHECK_TRUE(says(message, "192.0.2.1:53535"));
    CHECK_TRUE(says(message, "does not have that address"));
}

TEST(Sockets, WantsAnAddress) {
    CHECK(open_sockets({}, 1).error().code == Errc::InvalidInput);
}

TEST(Sockets, FreesItsPortWhenItGoes) {
    Endpoint used;
    {
        const std::vector listen{loopback_endpoint()};
        used = open_sockets(listen, 1)->endpoints[0];
    }

    STRCMP_EQUAL("", error_of(used).c_str());
}

TEST(Sockets, HasOneWorkerACore) {
    CHECK(default_worker_count() >= 1);
}

TEST(Sockets, AddsThoseForTlsToEachWorker) {
    const std::vector listen{loopback_endpoint()};
    auto sockets = *open_sockets(listen, 2);

    CHECK(open_tls_sockets(listen, sockets).has_value());

    LONGS_EQUAL(1, sockets.workers[1].tls.size());
    CHECK(sockets.tls_endpoints[0].port != 0);
    CHECK_FALSE(open_tls_sockets(std::vector{sockets.tls_endpoints[0]}, sockets).has_value());
}
