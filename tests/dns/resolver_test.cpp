#include "dns/resolver.h"

#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_client.h"
#include "tests/support/dns/dns_reading.h"
#include "tests/support/dns/dns_rig.h"
#include "tests/support/dns/fake_name_server.h"
#include "tests/support/dns/tap_reader.h"
#include "tests/support/temporary_folder.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::ledger::Cause;
using sporvakt::ledger::Outcome;
using sporvakt::policy::HouseholdRule;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsClient;
using sporvakt::test::DnsHouse;
using sporvakt::test::DnsReading;
using sporvakt::test::FakeNameServer;
using sporvakt::test::start_resolver;
using sporvakt::test::tap_message_in;
using sporvakt::test::TapReader;
using sporvakt::test::TemporaryFolder;

using Octets = std::vector<std::uint8_t>;

// The whole resolver on loopback, with a name server of our own for the Internet.
TEST_GROUP(Resolver) {
    DnsHouse house;
    FakeNameServer internet;
    std::unique_ptr<Resolver> resolver;

    void start(unsigned workers = 2, const std::string& dnstap = "") {
        ResolverSettings settings;
        settings.dnstap = dnstap;
        settings.upstream.forwarders = {{internet.endpoint(), {}}};
        resolver = start_resolver(settings, house, workers);
    }
    void setup() override {
        start();
    }

    DnsReading ask(const DnsBuilder& query) {
        return DnsReading(DnsClient::udp(resolver->endpoints()[0]).ask(query.build()));
    }
    void wait_for(Count kind, std::uint64_t count) {
        while (resolver->counts()[kind] < count) {
            std::this_thread::yield();
        }
    }
    void tell_a(const std::string& name) {
        internet.tell(name, 1, DnsBuilder::reply(name, 1).a(name, {192, 0, 2, 1}).build());
    }
    // libunbound asks for an alias's target itself.
    void tell_cloaked() {
        internet.tell("metrics.shop.example", 1,
                      DnsBuilder::reply("metrics.shop.example", 1)
                          .cname("metrics.shop.example", "shop.tracker.example")
                          .build());
        tell_a("shop.tracker.example");
    }
};

TEST(Resolver, AnswersWhatTheInternetSaysAndSpellsTheQuestionAsAsked) {
    tell_a("shop.example");
    const auto query = DnsBuilder::query("ShOp.ExAmPlE", 1);

    const DnsReading answer = ask(query);

    CHECK(answer.data_of(1) == (Octets{192, 0, 2, 1}));
    CHECK(answer.question() == DnsReading(query.build()).question());
    LONGS_EQUAL(0x8180, answer.flags());
    CHECK_TRUE(house.sink.sightings().empty());
}

TEST(Resolver, BlocksInTheFirstAnswerAndSaysWhy) {
    const DnsReading answer = ask(DnsBuilder::query("pixel.tracker.example", 1).edns());

    CHECK(answer.data_of(1) == (Octets{0, 0, 0, 0}));
    LONGS_EQUAL(10, answer.ttl_of(1));
    LONGS_EQUAL(15, answer.extended_error());
    STRCMP_EQUAL(
        "The rule ||tracker.example^ of the list House list blocks it; tracker of Meta Platforms",
        answer.extended_text().c_str());
    LONGS_EQUAL(0, internet.asked("pixel.tracker.example"));
}

TEST(Resolver, ReportsWhatItBlocked) {
    ask(DnsBuilder::query("Pixel.tracker.example", 28));

    const auto sightings = house.sink.sightings();
    LONGS_EQUAL(1, sightings.size());
    STRCMP_EQUAL("pixel.tracker.example", sightings[0].name.c_str());
    STRCMP_EQUAL("127.0.0.1", sightings[0].device.text().c_str());
    STRCMP_EQUAL("House list", sightings[0].list.c_str());
    CHECK(sightings[0].outcome == Outcome::Prevented);
    CHECK(sightings[0].cause == Cause::List);
    LONGS_EQUAL(1, sightings[0].attempts);
}

TEST(Resolver, AnswersFromItsCacheWithAgedTtl) {
    tell_a("shop.example");
    ask(DnsBuilder::query("shop.example", 1));
    house.clock.turn(std::chrono::seconds(100));

    const DnsReading answer = ask(DnsBuilder::query("shop.example", 1));

    LONGS_EQUAL(200, answer.ttl_of(1));
    LONGS_EQUAL(1, internet.asked("shop.example"));
    LONGS_EQUAL(1, resolver->counts()[Count::Cached]);
}

TEST(Resolver, BlocksATrackerBehindAnAlias) {
    tell_cloaked();

    const DnsReading answer = ask(DnsBuilder::query("metrics.shop.example", 1).edns());

    CHECK(answer.data_of(1) == (Octets{0, 0, 0, 0}));
    LONGS_EQUAL(15, answer.extended_error());
    const auto sightings = house.sink.sightings();
    LONGS_EQUAL(1, sightings.size());
    CHECK(sightings[0].cause == Cause::Cloaked);
    STRCMP_EQUAL("metrics.shop.example", sightings[0].name.c_str());
    STRCMP_EQUAL("shop.tracker.example", sightings[0].detail.c_str());
}

TEST(Resolver, LetsAnAliasThroughWhenTheHouseholdAllowsTheNameAskedFor) {
    tell_cloaked();
    house.rule("metrics.shop.example", HouseholdRule::Allow);

    const DnsReading answer = ask(DnsBuilder::query("metrics.shop.example", 1));

    CHECK(answer.data_of(1) == (Octets{192, 0, 2, 1}));
    CHECK_TRUE(house.sink.sightings().empty());
}

TEST(Resolver, BlocksAKeptAnswerWhenTheRulesChange) {
    tell_cloaked();
    house.rule("metrics.shop.example", HouseholdRule::Allow);
    ask(DnsBuilder::query("metrics.shop.example", 1));
    house.rules.rules.clear();
    house.rule("other.example", HouseholdRule::Allow);

    const DnsReading answer = ask(DnsBuilder::query("metrics.shop.example", 1));

    CHECK(answer.data_of(1) == (Octets{0, 0, 0, 0}));
    LONGS_EQUAL(1, internet.asked("metrics.shop.example"));
}

TEST(Resolver, BlocksAServiceRecordThatHintsAtATrackersAddress) {
    internet.tell("shop.example", 65,
                  DnsBuilder::reply("shop.example", 65)
                      .https("shop.example", "", 4, {192, 0, 2, 66})
                      .build());

    const DnsReading answer = ask(DnsBuilder::query("shop.example", 65).edns());

    LONGS_EQUAL(0, answer.answers());
    LONGS_EQUAL(1, answer.authorities());
    LONGS_EQUAL(15, answer.extended_error());
}

TEST(Resolver, PutsAHundredEqualQuestionsOnce) {
    tell_a("shop.example");
    internet.hold();
    std::vector<DnsClient> clients;
    for (int client = 0; client < 100; ++client) {
        clients.push_back(DnsClient::udp(resolver->endpoints()[0]));
        clients.back().send(DnsBuilder::query("shop.example", 1).build());
    }
    wait_for(Count::Received, 100);
    internet.release();

    for (DnsClient& client : clients) {
        CHECK(DnsReading(client.receive()).data_of(1) == (Octets{192, 0, 2, 1}));
    }
    LONGS_EQUAL(1, internet.asked("shop.example"));
    LONGS_EQUAL(99, resolver->counts()[Count::Joined]);
}

TEST(Resolver, SendsClientsToTcpForWhatDoesNotFitIntoUdp) {
    auto reply = DnsBuilder::reply("big.example", 16);
    for (std::uint8_t record = 0; record < 10; ++record) {
        Octets text(200, record);
        text[0] = 199;
        reply.answer("big.example", 16, text);
    }
    internet.tell("big.example", 16, reply.build());
    const auto query = DnsBuilder::query("big.example", 16).edns(4096).build();

    const DnsReading truncated(DnsClient::udp(resolver->endpoints()[0]).ask(query));
    DnsClient tcp = DnsClient::tcp(resolver->endpoints()[0]);
    tcp.send(DnsClient::framed(query));
    const DnsReading whole(tcp.receive_framed());

    CHECK_TRUE(truncated.is_truncated());
    LONGS_EQUAL(0, truncated.answers());
    CHECK_FALSE(whole.is_truncated());
    LONGS_EQUAL(10, whole.answers());
    CHECK(internet.asked_over_tcp() > 0);
}

TEST(Resolver, SaysThatTheInternetIsAwayInsteadOfStayingSilent) {
    internet.hold();
    DnsClient client = DnsClient::udp(resolver->endpoints()[0]);
    client.send(DnsBuilder::query("shop.example", 1).edns().build());
    wait_for(Count::Asked, 1);
    house.clock.turn(std::chrono::seconds(4));

    const DnsReading answer(client.receive());

    LONGS_EQUAL(2, answer.rcode());
    LONGS_EQUAL(22, answer.extended_error());
}

TEST(Resolver, KeepsAnsweringWhatNeedsNoInternetWhileThatIsAway) {
    internet.hold();
    DnsClient slow = DnsClient::tcp(resolver->endpoints()[0]);
    slow.send(DnsClient::framed(DnsBuilder::query("shop.example", 1).id(1).build()));
    slow.send(DnsClient::framed(DnsBuilder::query("pixel.tracker.example", 1).id(2).build()));

    const DnsReading first(slow.receive_framed());
    tell_a("shop.example");
    internet.release();
    const DnsReading second(slow.receive_framed());

    LONGS_EQUAL(2, first.id());
    LONGS_EQUAL(1, second.id());
}

TEST(Resolver, FollowsAPolicyThatChangesWhileItRuns) {
    tell_a("shop.example");
    CHECK(ask(DnsBuilder::query("shop.example", 1)).data_of(1) == (Octets{192, 0, 2, 1}));

    house.rule("shop.example", HouseholdRule::Block);

    CHECK(ask(DnsBuilder::query("shop.example", 1)).data_of(1) == (Octets{0, 0, 0, 0}));
    CHECK(house.sink.sightings()[0].cause == Cause::Household);
}

TEST(Resolver, NeverAsksTheInternetForNamesOfThisHouse) {
    const DnsReading answer = ask(DnsBuilder::query("4.1.168.192.in-addr.arpa", 12));

    LONGS_EQUAL(3, answer.rcode());
    LONGS_EQUAL(0, resolver->counts()[Count::Asked]);
}

TEST(Resolver, StopsWithQuestionsUnderWay) {
    internet.hold();
    DnsClient client = DnsClient::udp(resolver->endpoints()[0]);
    client.send(DnsBuilder::query("shop.example", 1).build());
    wait_for(Count::Asked, 1);

    resolver->stop();

    LONGS_EQUAL(0, resolver->counts()[Count::Failed]);
}

TEST(Resolver, TellsADnstapReaderWhatWasAskedUntilItStops) {
    const TemporaryFolder folder;
    TapReader reader(folder.file("dnstap.sock"));
    start(2, folder.file("dnstap.sock"));
    CHECK_TRUE(reader.accept());
    std::uint64_t lost = 0;
    unsigned asked = 0;
    do {  // until it has seen that it is read
        lost = resolver->counts()[Count::TapLost];
        ask(DnsBuilder::query("pixel.tracker.example", 1));
        ++asked;
    } while (resolver->counts()[Count::TapLost] != lost || asked < 20);
    std::thread stopping([this] { resolver->stop(); });

    unsigned told = 0;
    while (const auto frame = reader.next()) {
        told += tap_message_in(*frame).is_whole ? 1U : 0U;
    }
    stopping.join();
    LONGS_EQUAL(2 * asked - lost, told);  // each question, and its answer
    CHECK(told > 0);
}
