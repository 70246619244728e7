// What becomes of clients when the upstream is slow, dead or lies: the whole resolver over sockets,
// its deadlines by a clock that only the test turns.
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
#include <utility>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::IpAddress;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsClient;
using sporvakt::test::DnsHouse;
using sporvakt::test::DnsReading;
using sporvakt::test::FakeNameServer;
using sporvakt::test::Manner;
using sporvakt::test::start_resolver;
using std::chrono::milliseconds;
using std::chrono::seconds;

using Octets = std::vector<std::uint8_t>;

TEST_GROUP(LyingUpstream) {
    DnsHouse house;
    FakeNameServer internet;
    std::unique_ptr<Resolver> resolver;

    void setup() override {
        start({internet.endpoint()});
        tell("shop.example");
    }

    void start(const std::vector<sporvakt::Endpoint>& forwarders,
               std::vector<ForwardZone> zones = {}) {
        ResolverSettings settings;
        settings.upstream.zones = std::move(zones);
        for (const auto& endpoint : forwarders) {
            settings.upstream.forwarders.push_back({endpoint, {}});
        }
        resolver = start_resolver(settings, house);
    }
    void tell(const std::string& name) {
        internet.tell(name, 1, DnsBuilder::reply(name, 1).a(name, {192, 0, 2, 1}).build());
    }

    DnsClient send(const std::string& name) const {
        DnsClient client = DnsClient::udp(resolver->endpoints()[0]);
        client.send(DnsBuilder::query(name, 1).edns().build());
        return client;
    }
    DnsReading ask(const std::string& name = "shop.example") const {
        return DnsReading(send(name).receive());
    }
    // With `patience` running out once the upstream has been asked, and asked again by libunbound
    // if what it said was not believed.
    DnsReading ask_in_vain(milliseconds patience) {
        const std::size_t before = internet.asked("shop.example");
        DnsClient client = send("shop.example");
        Octets early;
        while (early.empty() && internet.asked("shop.example") < before + 2) {
            early = client.receive_within(milliseconds(20));
        }
        house.clock.turn(patience);
        return DnsReading(early.empty() ? client.receive() : early);
    }
    void is_not_believed(Manner manner) {
        internet.behave(manner);
        const DnsReading answer = ask_in_vain(seconds(4));
        LONGS_EQUAL(2, answer.rcode());
        LONGS_EQUAL(0, answer.answers());
        CHECK(answer.extended_error() == 22 || answer.extended_error() == 23);
    }
    static bool is_right(const DnsReading& answer) {
        return answer.data_of(1) == Octets{192, 0, 2, 1};
    }
    // Kept, and no longer good.
    void keep_stale() {
        CHECK_TRUE(is_right(ask()));
        house.clock.turn(std::chrono::hours(1));
    }
};

TEST(LyingUpstream, ThatIsDeadIsTold) {
    internet.behave(Manner::Silent);
    LONGS_EQUAL(22, ask_in_vain(seconds(4)).extended_error());
}

TEST(LyingUpstream, ThatIsSlowIsWaitedFor) {
    internet.hold();
    DnsClient client = send("shop.example");
    while (internet.asked("shop.example") < 2) {  // libunbound has asked again
        std::this_thread::yield();
    }
    internet.release();
    CHECK_TRUE(is_right(DnsReading(client.receive())));
}

TEST(LyingUpstream, ThatAnswersWithAWrongIdIsNotBelieved) {
    is_not_believed(Manner::WrongId);
}

TEST(LyingUpstream, ThatAnswersAnotherQuestionIsNotBelieved) {
    is_not_believed(Manner::WrongQuestion);
}

TEST(LyingUpstream, ThatLeavesTheQuestionOutIsNotBelieved) {
    is_not_believed(Manner::NoQuestion);
}

TEST(LyingUpstream, ThatAnswersGarbageIsNotBelieved) {
    is_not_believed(Manner::Garbage);
}

TEST(LyingUpstream, ThatRefusesFailsWithoutWaiting) {
    internet.behave(Manner::Refused);

    const DnsReading answer = ask();

    LONGS_EQUAL(2, answer.rcode());
    LONGS_EQUAL(23, answer.extended_error());
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
        start({broken.endpoint(), internet.endpoint()});
        for (int name = 0; name < 8; ++name) {
            tell("name" + std::to_string(name) + ".example");
            CHECK_TRUE(is_right(ask("name" + std::to_string(name) + ".example")));
        }
    }
}

TEST(LyingUpstream, ThatIsSilentKeepsNobodyFromOtherZones) {
    FakeNameServer silent;
    silent.behave(Manner::Silent);
    start({internet.endpoint()}, {{*zone_from_text("silent.example"), {{silent.endpoint(), {}}}}});
    DnsClient greedy =
        DnsClient::udp(resolver->endpoints()[0], *IpAddress::from_text("127.0.0.66"));
    for (int name = 0; name < 1000; ++name) {
        const std::string asked = "name" + std::to_string(name) + ".silent.example";
        greedy.send(DnsBuilder::query(asked, 1).build());
    }
    while (silent.asked("name90.silent.example") == 0) {
        std::this_thread::yield();
    }

    CHECK_TRUE(is_right(ask()));
}

TEST(LyingUpstream, IsCoveredByStaleAnswersInTwoSeconds) {
    keep_stale();
    internet.behave(Manner::Silent);

    const DnsReading stale = ask_in_vain(seconds(2));

    CHECK_TRUE(is_right(stale));
    LONGS_EQUAL(3, stale.extended_error());
    LONGS_EQUAL(30, stale.ttl_of(1));
}

TEST(LyingUpstream, IsWaitedForByNobodyTwice) {
    keep_stale();
    internet.behave(Manner::Silent);
    static_cast<void>(ask_in_vain(seconds(2)));

    LONGS_EQUAL(3, ask().extended_error());  // without a turn of the clock
}

TEST(LyingUpstream, IsCoveredByStaleAnswersAtOnceWhenItRefuses) {
    keep_stale();
    internet.behave(Manner::Refused);

    LONGS_EQUAL(3, ask().extended_error());
}

TEST(LyingUpstream, IsBelievedAgainOnceItAnswers) {
    keep_stale();
    internet.behave(Manner::Refused);
    LONGS_EQUAL(3, ask().extended_error());

    internet.behave(Manner::Truthful);
    const DnsReading answer = ask();
    CHECK_TRUE(is_right(answer));
    CHECK(answer.ttl_of(1) > 30);
}
