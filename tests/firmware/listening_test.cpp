#include "firmware/listening.h"

#include "tests/support/firmware/running_daemon.h"

#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using sporvakt::firmware::listen_on;

TEST_GROUP(Listening) {
    const Endpoint first = test::free_endpoint();
    const Endpoint second = test::free_endpoint();
    dns::ResolverSockets sockets = *dns::open_sockets(std::vector{first}, 2);
};

TEST(Listening, KeepsTheSocketsThatItHas) {
    const int udp = sockets.workers[1].udp[0].get();
    const int tcp = sockets.workers[1].tcp[0].get();

    CHECK(listen_on({{second, first}, {}}, sockets).has_value());

    CHECK(sockets.endpoints == (std::vector{second, first}));
    LONGS_EQUAL(2, sockets.workers.size());
    LONGS_EQUAL(2, sockets.workers[0].udp.size());
    LONGS_EQUAL(udp, sockets.workers[1].udp[1].get());
    LONGS_EQUAL(tcp, sockets.workers[1].tcp[1].get());
    CHECK(sockets.workers[1].udp[0].is_open());
}

TEST(Listening, ClosesWhatIsNotWantedAnyMore) {
    CHECK(listen_on({{second}, {}}, sockets).has_value());

    LONGS_EQUAL(1, sockets.workers[0].udp.size());
    CHECK(dns::open_sockets(std::vector{first}, 1).has_value());  // it is free again
}

TEST(Listening, StaysAsItWasWhenAnAddressCannotBeHad) {
    const Endpoint foreign{*IpAddress::from_text("192.0.2.1"), 5300};

    CHECK_FALSE(listen_on({{first, foreign}, {}}, sockets).has_value());

    CHECK(sockets.endpoints == std::vector{first});
    CHECK(sockets.workers[0].udp[0].is_open());
}

TEST(Listening, AddsKeepsAndClosesThoseForTls) {
    CHECK(listen_on({{first}, {second}}, sockets).has_value());
    const int tls = sockets.workers[1].tls[0].get();
    CHECK(listen_on({{first}, {test::free_endpoint(), second}}, sockets).has_value());
    LONGS_EQUAL(tls, sockets.workers[1].tls[1].get());
    CHECK(sockets.tls_endpoints.at(1) == second);

    CHECK(listen_on({{first}, {}}, sockets).has_value());
    CHECK_TRUE(sockets.workers[1].tls.empty());
    CHECK_TRUE(sockets.workers[1].udp[0].is_open());
    CHECK(dns::open_sockets(std::vector{second}, 1).has_value());
}
