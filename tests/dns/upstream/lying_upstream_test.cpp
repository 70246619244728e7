// What becomes of clients when the upstream is slow, dead or lies: the whole resolver over sockets,
// by the machine's own clock.
#include "dns/resolver.h"
#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_client.h"
#include "tests/support/dns/dns_reading.h"
#include "tests/support/dns/dns_rig.h"
#include "tests/support/dns/fake_name_server.h"

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::SystemClock;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsClient;
using sporvakt::test::DnsHouse;
using sporvakt::test::DnsReading;
using sporvakt::test::FakeNameServer;
using sporvakt::test::loopback_endpoint;
using sporvakt::test::Manner;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

using Octets = std::vector<std::uint8_t>;

TEST_GROUP(LyingUpstream) {
    DnsHouse house;
    SystemClock clock;
    FakeNameServer internet;
    std::vector<sporvakt::Endpoint> forwarders{internet.endpoint()};
    std::unique_ptr<Resolver> resolver;
    milliseconds took{};

    void setup() override {
        tell("shop.example", 1);
    }

    void tell(const std::string& name, std::uint32_t ttl) {
        internet.tell(name, 1, DnsBuilder::reply(name, 1).ttl(ttl).a(name, {192, 0, 2, 1}).build());
    }
    DnsReading ask(const std::string& name = "shop.example") {
        if (!resolver) {
            ResolverSettings settings;
            for (const auto& endpoint : forwarders) {
                settings.upstream.forwarders.push_back({endpoint, {}});
            }
            const std::vector listen{loopback_endpoint()};
            resolver = *Resolver::start(settings, *open_sockets(listen, 1),
                                        {house.policy, house.finder, house.sink, clock});
        }
        DnsClient client = DnsClient::udp(resolver->endpoints()[0]);
        const auto began = steady_clock::now();
        const DnsReading answer(client.ask(DnsBuilder::query(name, 1).edns().build()));
        took = std::chrono::duration_cast<milliseconds>(steady_clock::now() - began);
        return answer;
    }
    void fails_in_time(unsigned extended_error) {
        const DnsReading answer = ask();
        LONGS_EQUAL(2, answer.rcode());
        LONGS_EQUAL(extended_error, answer.extended_error());
        CHECK(took < milliseconds(4500));
    }
    static bool is_right(const DnsReading& answer) {
        return answer.data_of(1) == Octets{192, 0, 2, 1};
    }
    // Kept, and no longer good.
    void keep_stale(const std::string& name) {
        tell(name, 1);
        CHECK_TRUE(is_right(ask(name)));
        std::this_thread::sleep_for(milliseconds(1100));
    }
};

TEST(LyingUpstream, ThatIsDeadIsTold) {
    internet.behave(Manner::Silent);
    fails_in_time(22);
}

TEST(LyingUpstream, ThatIsSlowIsWaitedFor) {
    internet.hold();
    std::jthread later([this] {
        std::this_thread::sleep_for(milliseconds(700));
        internet.release();
    });
    CHECK_TRUE(is_right(ask()));
    CHECK(took >= milliseconds(650));
}

TEST(LyingUpstream, ThatAnswersWithAWrongIdIsNotBelieved) {
    internet.behave(Manner::WrongId);
    fails_in_time(22);
}

TEST(LyingUpstream, ThatAnswersAnotherQuestionIsNotBelieved) {
    internet.behave(Manner::WrongQuestion);
    fails_in_time(23);
}

TEST(LyingUpstream, ThatLeavesTheQuestionOutIsNotBelieved) {
    internet.behave(Manner::NoQuestion);
    fails_in_time(23);
}

TEST(LyingUpstream, ThatAnswersGarbageIsNotBelieved) {
    internet.behave(Manner::Garbage);
    fails_in_time(23);
}

TEST(LyingUpstream, ThatRefusesFailsAtOnce) {
    internet.behave(Manner::Refused);
    fails_in_time(23);
    CHECK(took < milliseconds(1000));
}

TEST(LyingUpstream, ThatDeniesEverythingIsNotRememberedForLong) {
    internet.behave(Manner::NoSuchName);
    LONGS_EQUAL(3, ask().rcode());

    internet.behave(Manner::Truthful);
    CHECK_TRUE(is_right(ask()));  // it came without an SOA, so it was not to be kept
}

TEST(LyingUpstream, ThatAnswersInBitsOverTcpIsHeardOut) {
    internet.behave(Manner::BitsOverTcp);

    CHECK_TRUE(is_right(ask()));
    LONGS_EQUAL(1, internet.asked_over_tcp());
}

TEST(LyingUpstream, IsPassedOverForOneThatAnswers) {
    for (const Manner manner : {Manner::Silent, Manner::Refused}) {
        FakeNameServer broken;
        broken.behave(manner);
        forwarders = {broken.endpoint(), internet.endpoint()};
        resolver.reset();
        for (int name = 0; name < 8; ++name) {
            tell("name" + std::to_string(name) + ".example", 300);
            CHECK_TRUE(is_right(ask("name" + std::to_string(name) + ".example")));
            CHECK(took < milliseconds(3500));
        }
        CHECK(took < milliseconds(100));  // by now it is known
    }
}

TEST(LyingUpstream, IsCoveredByStaleAnswersInTwoSeconds) {
    keep_stale("shop.example");
    internet.behave(Manner::Silent);

    const DnsReading stale = ask();
    CHECK_TRUE(is_right(stale));
    LONGS_EQUAL(3, stale.extended_error());
    LONGS_EQUAL(30, stale.ttl_of(1));
    CHECK(took < milliseconds(2500));

    LONGS_EQUAL(3, ask().extended_error());
    CHECK(took < milliseconds(500));  // nobody waits twice
}

TEST(LyingUpstream, IsCoveredByStaleAnswersAtOnceWhenItRefuses) {
    keep_stale("shop.example");
    internet.behave(Manner::Refused);

    LONGS_EQUAL(3, ask().extended_error());
    CHECK(took < milliseconds(1000));
}
