#include "dns/answering.h"

#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_reading.h"
#include "tests/support/dns/dns_rig.h"
#include "tests/support/dns/fake_upstream.h"

#include <array>
#include <chrono>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::Bytes;
using sporvakt::Endpoint;
using sporvakt::IpAddress;
using sporvakt::ledger::Cause;
using sporvakt::policy::HouseholdRule;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsHouse;
using sporvakt::test::DnsReading;
using sporvakt::test::FakeUpstream;

using Octets = std::vector<std::uint8_t>;

TEST_GROUP(Answering), public OutcomeTaker {
    DnsHouse house;
    AnswerCache cache{std::size_t{1024} * 1024};
    InFlight in_flight;
    FakeUpstream upstream;
    Counters counters;
    const ResolverInputs inputs{house.inputs()};
    Admission admission{AdmissionSettings{}};
    AnswerSettings settings;
    const std::vector<Endpoint> listening{*Endpoint::from_text("192.168.1.1:53")};
    const std::vector<Endpoint> tls_listening{*Endpoint::from_text("192.168.1.1:853")};
    Answering answering{
        {0, settings, inputs, cache, admission, counters, listening, tls_listening}};
    Forwarding forwarding{{cache, in_flight, upstream, house.clock, counters, *this},
                          std::chrono::seconds(3)};
    std::array<std::uint8_t, kMessageLengthMax> out{};
    std::vector<DnsReading> delivered;
    const Octets own_cookie{1, 2, 3, 4, 5, 6, 7, 8};
    Client client;
    std::string address = "192.168.1.20";

    void setup() override {
        answering.forward_through(forwarding);
    }

    bool may_keep(const Query& query, const sporvakt::devices::DeviceId& device,
                  const StoredAnswer& answer) override {
        return answering.may_keep(query, device, answer);
    }
    void deliver(const Waiter& waiter, const UpstreamOutcome& outcome) override {
        delivered.emplace_back(Bytes(out).first(answering.finish(waiter, outcome, out)));
    }

    Reply put(const Octets& message) {
        client.address = *IpAddress::from_text(address);
        answering.refresh();
        return answering.answer(message, client, out);
    }
    DnsReading ask(const DnsBuilder& query) {
        return DnsReading(Bytes(out).first(put(query.build()).length));
    }
    void publish(const LocalDomain& domain) {
        house.local_names.publish(
            std::make_shared<const LocalNames>(domain, std::vector<IpAddress>{}, nullptr));
        answering.refresh_names();
    }
    void alias(const std::string& name, const std::string& target) {
        LocalDomain domain;
        domain.records.push_back({name, {}, target});
        publish(domain);
    }
    static DnsBuilder with_cookie(const Octets& cookie,
                                  const std::string& name = "tracker.example") {
        Octets option{0, 10, 0, static_cast<std::uint8_t>(cookie.size())};
        option.insert(option.end(), cookie.begin(), cookie.end());
        return DnsBuilder::query(name, 1).edns(1232, 0, option);
    }
    std::uint64_t counted(Count kind) const {
        ResolverCounts sum;
        counters.add_to(sum);
        return sum[kind];
    }
};

TEST(Answering, DropsScrapsAndRepliesAndCountsThem) {
    CHECK(put({1, 2, 3}).kind == Reply::Kind::Never);
    CHECK(put(DnsBuilder::reply("a.example", 1).build()).kind == Reply::Kind::Never);
    LONGS_EQUAL(1, counted(Count::TooShort));
    LONGS_EQUAL(1, counted(Count::IsReply));
}

TEST(Answering, RefusesFewFromOutsideAndDropsTheRest) {
    address = "203.0.113.7";
    const auto query = DnsBuilder::query("shop.example", 1).edns();
    const DnsReading refused = ask(query);
    LONGS_EQUAL(5, refused.rcode());
    LONGS_EQUAL(18, refused.extended_error());

    unsigned answered = 1;
    for (int asked = 1; asked < 1000; ++asked) {
        answered += put(query.build()).kind == Reply::Kind::Now ? 1U : 0U;
    }
    LONGS_EQUAL(Admission::kRefusalsPerSecond, answered);
    LONGS_EQUAL(1000, counted(Count::Outside));
    CHECK_TRUE(upstream.asked.empty());
}

TEST(Answering, ReportsNothingOfWhoIsOutside) {
    address = "203.0.113.7";
    ask(DnsBuilder::query("tracker.example", 1));

    CHECK_TRUE(house.sink.sightings().empty());
}

TEST(Answering, SaysNothingToTheUnreadableFromOutside) {
    address = "203.0.113.7";
    Octets junk = DnsBuilder::query("tracker.example", 1).build();
    junk.push_back(1);

    CHECK(put(junk).kind == Reply::Kind::Never);
    LONGS_EQUAL(1, counted(Count::TrailingBytes));
}

TEST(Answering, TruncatesAFractionOverTheLimitAndDropsTheRest) {
    constexpr unsigned kBurst = 2000;
    const Octets query = DnsBuilder::query("tracker.example", 1).edns().build();
    for (unsigned asked = 0; asked < kBurst; ++asked) {
        CHECK(put(query).kind == Reply::Kind::Now);
    }
    unsigned answered = 0;
    for (unsigned asked = 0; asked < 100; ++asked) {
        const Reply reply = put(query);
        if (reply.kind == Reply::Kind::Now) {
            const DnsReading answer(Bytes(out).first(reply.length));
            CHECK_TRUE(answer.is_truncated());
            LONGS_EQUAL(0, answer.answers());
            ++answered;
        }
    }

    LONGS_EQUAL(25, answered);
    LONGS_EQUAL(100, counted(Count::OverLimit));
    LONGS_EQUAL(kBurst, house.sink.sightings().size());
}

TEST(Answering, AnswersAgainWhenTheClientHasCalmedDown) {
    const Octets query = DnsBuilder::query("tracker.example", 1).build();
    for (unsigned asked = 0; asked < 3000; ++asked) {
        put(query);
    }
    house.clock.turn(std::chrono::seconds(1));

    const DnsReading answer(Bytes(out).first(put(query).length));

    LONGS_EQUAL(1, answer.answers());
}

TEST(Answering, MakesATcpClientOverTheLimitWait) {
    client.transport = Transport::Tcp;
    const Octets query = DnsBuilder::query("tracker.example", 1).build();
    for (unsigned asked = 0; asked < 2000; ++asked) {
        CHECK(put(query).kind == Reply::Kind::Now);
    }

    CHECK(put(query).kind == Reply::Kind::Wait);
    house.clock.turn(std::chrono::milliseconds(2));
    CHECK(put(query).kind == Reply::Kind::Now);
}

TEST(Answering, GivesACookieThatProvesAnAddress) {
    const DnsReading first = ask(with_cookie(own_cookie));
    const Octets cookie = first.option(10);
    LONGS_EQUAL(24, cookie.size());
    LONGS_EQUAL(0, counted(Count::ProvenAddress));

    LONGS_EQUAL(24, ask(with_cookie(cookie)).option(10).size());
    LONGS_EQUAL(1, counted(Count::ProvenAddress));

    address = "192.168.1.21";
    ask(with_cookie(cookie));
    LONGS_EQUAL(1, counted(Count::ProvenAddress));
}

TEST(Answering, GivesNoCookieUnasked) {
    CHECK_TRUE(ask(DnsBuilder::query("tracker.example", 1).edns()).option(10).empty());
}

TEST(Answering, GivesTheCookieWithAnAnswerThatHadToWait) {
    ask(with_cookie(own_cookie, "shop.example"));
    upstream.reply(0,
                   DnsBuilder::reply("shop.example", 1).a("shop.example", {192, 0, 2, 1}).build());

    LONGS_EQUAL(24, delivered.at(0).option(10).size());
    CHECK(delivered.at(0).data_of(1) == (Octets{192, 0, 2, 1}));
}

TEST(Answering, TurnsDownACookieOfImpossibleLength) {
    const Reply reply = put(with_cookie(Octets(9)).build());

    LONGS_EQUAL(1, DnsReading(Bytes(out).first(reply.length)).rcode());
    LONGS_EQUAL(1, counted(Count::BadEdns));
}

TEST(Answering, TellsWhoIsOverTheLimitToProveItsAddressAndThenAnswers) {
    const Octets cookie = ask(with_cookie(own_cookie)).option(10);
    for (unsigned asked = 1; asked < 2000; ++asked) {
        put(DnsBuilder::query("tracker.example", 1).build());
    }
    Octets forged = cookie;
    forged.back() ^= 1U;
    const DnsReading turned_down = ask(with_cookie(forged));
    LONGS_EQUAL(23, turned_down.extended_rcode());
    LONGS_EQUAL(0, turned_down.answers());

    const DnsReading answer = ask(with_cookie(turned_down.option(10)));
    LONGS_EQUAL(0, answer.extended_rcode());
    LONGS_EQUAL(1, answer.answers());
    CHECK_FALSE(answer.is_truncated());
}

TEST(Answering, LimitsWhoHasProvenItsAddressToo) {
    const Octets query = with_cookie(ask(with_cookie(own_cookie)).option(10)).build();
    unsigned answered = 1;
    for (unsigned asked = 0; asked < 30000; ++asked) {
        const Reply reply = put(query);
        const DnsReading answer(Bytes(out).first(reply.length));
        CHECK(answer.extended_rcode() != 23);
        answered += answer.answers();
    }

    LONGS_EQUAL(2000 + 2000 * Admission::kProvenFactor, answered);
}

TEST(Answering, SaysHowLongATcpConnectionMayBeSilentWhenAsked) {
    const auto query = DnsBuilder::query("tracker.example", 1).edns(1232, 0, {0, 11, 0, 0});
    CHECK_TRUE(ask(query).option(11).empty());

    client.transport = Transport::Tcp;
    CHECK(ask(query).option(11) == (Octets{0, 100}));
    CHECK_TRUE(ask(DnsBuilder::query("tracker.example", 1).edns()).option(11).empty());
}

TEST(Answering, FillsAnswersUpOverTlsAloneAndWhenAsked) {
    const auto padded = DnsBuilder::query("tracker.example", 1).edns(1232, 0, {0, 12, 0, 1, 0});
    client.transport = Transport::Tls;
    LONGS_EQUAL(468, ask(padded).size());
    LONGS_EQUAL(15, ask(padded).extended_error());
    CHECK(ask(DnsBuilder::query("tracker.example", 1).edns()).size() < 468);

    client.transport = Transport::Tcp;
    CHECK(ask(padded).size() < 468);
    client.transport = Transport::Udp;
    CHECK(ask(padded).size() < 468);
}

TEST(Answering, TurnsDownTheUnreadableByItsReason) {
    Octets junk = DnsBuilder::query("tracker.example", 1).build();
    junk.push_back(1);

    CHECK(put(junk).kind == Reply::Kind::Now);
    LONGS_EQUAL(1, DnsReading(Bytes(out).first(12)).rcode());
    LONGS_EQUAL(1, counted(Count::TrailingBytes));
    CHECK_TRUE(house.sink.sightings().empty());
}

TEST(Answering, BlocksBeforeItLooksIntoTheCache) {
    ask(DnsBuilder::query("shop.example", 1));
    upstream.reply(0,
                   DnsBuilder::reply("shop.example", 1).a("shop.example", {192, 0, 2, 1}).build());
    house.rule("shop.example", HouseholdRule::Block);

    const DnsReading answer = ask(DnsBuilder::query("shop.example", 1));

    CHECK(answer.data_of(1) == Octets(4));
    LONGS_EQUAL(0, counted(Count::Cached));
}

TEST(Answering, AttributesWhatItBlocksToTheDeviceThatAsked) {
    ask(DnsBuilder::query("tracker.example", 1));

    STRCMP_EQUAL("192.168.1.20", house.sink.sightings().at(0).device.text().c_str());
    LONGS_EQUAL(0, upstream.asked.size());
}

TEST(Answering, AnswersSpecialNamesWhateverAListSays) {
    house.rule("localhost", HouseholdRule::Block);

    const DnsReading answer = ask(DnsBuilder::query("localhost", 1));

    CHECK(answer.data_of(1) == (Octets{127, 0, 0, 1}));
    CHECK_TRUE(house.sink.sightings().empty());
}

TEST(Answering, TellsOfItsEncryptedFormAtTheAddressThatWasAsked) {
    const auto query = DnsBuilder::query("_dns.resolver.arpa", 64);
    LONGS_EQUAL(1, ask(query).answers());

    client.transport = Transport::Tcp;
    client.own_address = *IpAddress::from_text("192.168.1.2");  // where nobody speaks TLS
    const DnsReading none = ask(query);
    LONGS_EQUAL(0, none.answers());
    LONGS_EQUAL(0, none.rcode());
    LONGS_EQUAL(1, none.authorities());
}

TEST(Answering, WaitsForTheInternetForTheRest) {
    CHECK(put(DnsBuilder::query("shop.example", 1).build()).kind == Reply::Kind::Later);
    upstream.reply(0,
                   DnsBuilder::reply("shop.example", 1).a("shop.example", {192, 0, 2, 1}).build());

    CHECK(delivered.at(0).data_of(1) == (Octets{192, 0, 2, 1}));
    CHECK_TRUE(house.sink.sightings().empty());
}

TEST(Answering, KeepsNothingOfACloakedAnswer) {
    ask(DnsBuilder::query("shop.example", 1));
    upstream.reply(0, DnsBuilder::reply("shop.example", 1)
                          .cname("shop.example", "x.tracker.example")
                          .a("x.tracker.example", {192, 0, 2, 1})
                          .build());

    CHECK(delivered.at(0).data_of(1) == Octets(4));
    CHECK(house.sink.sightings().at(0).cause == Cause::Cloaked);
    LONGS_EQUAL(0, cache.bytes());
    LONGS_EQUAL(1, counted(Count::Cloaked));
}

TEST(Answering, JudgesAgainWhatChangedWhileAClientWaited) {
    ask(DnsBuilder::query("shop.example", 1));
    house.rule("shop.example", HouseholdRule::Block);
    answering.refresh();
    upstream.reply(0,
                   DnsBuilder::reply("shop.example", 1).a("shop.example", {192, 0, 2, 1}).build());

    CHECK(delivered.at(0).data_of(1) == Octets(4));
    LONGS_EQUAL(1, house.sink.sightings().size());
}

TEST(Answering, TellsAFailureWithItsReason) {
    ask(DnsBuilder::query("shop.example", 1).edns());
    upstream.reply(0, {});

    LONGS_EQUAL(2, delivered.at(0).rcode());
    LONGS_EQUAL(23, delivered.at(0).extended_error());
}

TEST(Answering, JudgesTheParentOfANameThatIsNoHostName) {
    auto message = DnsBuilder::query("axb.tracker.example", 1).build();
    message[14] = '.';

    CHECK(put(message).kind == Reply::Kind::Now);
    STRCMP_EQUAL("tracker.example", house.sink.sightings().at(0).name.c_str());
}

TEST(Answering, AsksTheInternetForTheRootWithoutJudgingIt) {
    CHECK(put(DnsBuilder::query("", 2).build()).kind == Reply::Kind::Later);
    STRCMP_EQUAL(".", upstream.asked.at(0).question.name.c_str());
}

TEST(Answering, AnswersNamesOfTheHouseWhateverAListSays) {
    LocalDomain domain;
    domain.records.push_back({"tracker.example", {*IpAddress::from_text("192.168.1.30")}, {}});
    publish(domain);

    const DnsReading answer = ask(DnsBuilder::query("tracker.example", 1));

    CHECK(answer.data_of(1) == (Octets{192, 168, 1, 30}));
    LONGS_EQUAL(1, counted(Count::AnsweredHere));
    CHECK_TRUE(house.sink.sightings().empty());
    CHECK_TRUE(upstream.asked.empty());
}

TEST(Answering, FollowsAnAliasOfTheHouseholdToTheInternet) {
    alias("shop.home.arpa", "www.shop.example");

    CHECK(put(DnsBuilder::query("Shop.home.arpa", 1).build()).kind == Reply::Kind::Later);
    STRCMP_EQUAL("www.shop.example.", upstream.asked.at(0).question.name.c_str());
    upstream.reply(
        0, DnsBuilder::reply("www.shop.example", 1).a("www.shop.example", {192, 0, 2, 1}).build());

    LONGS_EQUAL(2, delivered.at(0).answers());
    CHECK(delivered.at(0).data_of(5) == DnsBuilder::wire_name("www.shop.example"));
    CHECK(delivered.at(0).data_of(1) == (Octets{192, 0, 2, 1}));
    CHECK(delivered.at(0).question() ==
          DnsReading(DnsBuilder::query("Shop.home.arpa", 1).build()).question());
}

TEST(Answering, FollowsAnAliasOfTheHouseholdToTheCache) {
    alias("shop.home.arpa", "www.shop.example");
    ask(DnsBuilder::query("www.shop.example", 1));
    upstream.reply(
        0, DnsBuilder::reply("www.shop.example", 1).a("www.shop.example", {192, 0, 2, 1}).build());
    house.clock.turn(std::chrono::seconds(100));

    const DnsReading answer = ask(DnsBuilder::query("shop.home.arpa", 1));

    LONGS_EQUAL(2, answer.answers());
    LONGS_EQUAL(60, answer.ttl_of(5));
    LONGS_EQUAL(200, answer.ttl_of(1));
    LONGS_EQUAL(1, upstream.asked.size());
}

TEST(Answering, BlocksATrackerBehindAnAliasOfTheHousehold) {
    alias("shop.home.arpa", "x.tracker.example");

    const DnsReading answer = ask(DnsBuilder::query("shop.home.arpa", 1).edns());

    CHECK(answer.data_of(1) == Octets(4));
    LONGS_EQUAL(15, answer.extended_error());
    STRCMP_CONTAINS("disguised: x.tracker.example", answer.extended_text().c_str());
    STRCMP_EQUAL("shop.home.arpa", house.sink.sightings().at(0).name.c_str());
    STRCMP_EQUAL("x.tracker.example", house.sink.sightings().at(0).detail.c_str());
}

TEST(Answering, BlocksWhatTheTargetOfAnAliasLeadsTo) {
    alias("shop.home.arpa", "www.shop.example");
    ask(DnsBuilder::query("shop.home.arpa", 1));

    upstream.reply(0, DnsBuilder::reply("www.shop.example", 1)
                          .cname("www.shop.example", "x.tracker.example")
                          .a("x.tracker.example", {192, 0, 2, 1})
                          .build());

    CHECK(delivered.at(0).data_of(1) == Octets(4));
    CHECK(house.sink.sightings().at(0).cause == Cause::Cloaked);
}

TEST(Answering, FailsUnderTheNameThatWasAskedFor) {
    alias("shop.home.arpa", "www.shop.example");
    ask(DnsBuilder::query("shop.home.arpa", 1));

    upstream.reply(0, {});

    LONGS_EQUAL(2, delivered.at(0).rcode());
    CHECK(delivered.at(0).question() ==
          DnsReading(DnsBuilder::query("shop.home.arpa", 1).build()).question());
}

TEST(Answering, AnswersTheAliasItselfWithoutTheInternet) {
    alias("shop.home.arpa", "www.shop.example");

    const DnsReading answer = ask(DnsBuilder::query("shop.home.arpa", 5));

    CHECK(answer.data_of(5) == DnsBuilder::wire_name("www.shop.example"));
    CHECK_TRUE(upstream.asked.empty());
}

TEST(Answering, StopsAPublicNameThatLeadsInside) {
    ask(DnsBuilder::query("evil.example", 1).edns());
    upstream.reply(
        0, DnsBuilder::reply("evil.example", 1).a("evil.example", {192, 168, 1, 1}).build());
    const DnsReading cached = ask(DnsBuilder::query("evil.example", 1).edns());

    for (const DnsReading& answer : {delivered.at(0), cached}) {
        LONGS_EQUAL(0, answer.answers());
        LONGS_EQUAL(15, answer.extended_error());
    }
    LONGS_EQUAL(2, counted(Count::Rebinding));
    CHECK_TRUE(house.sink.sightings().empty());
}

TEST(Answering, StopsAServiceRecordThatHintsInside) {
    ask(DnsBuilder::query("evil.example", 65).edns());
    upstream.reply(
        0,
        DnsBuilder::reply("evil.example", 65).https("evil.example", "", 4, {127, 0, 0, 1}).build());

    LONGS_EQUAL(0, delivered.at(0).answers());
    LONGS_EQUAL(1, counted(Count::Rebinding));
}

TEST(Answering, LetsAZoneLeadInsideThatMay) {
    settings.zones.may_lead_inside.add(*sporvakt::DomainName::from_text("plex.direct"));

    ask(DnsBuilder::query("tv.plex.direct", 1));
    upstream.reply(
        0, DnsBuilder::reply("tv.plex.direct", 1).a("tv.plex.direct", {192, 168, 1, 9}).build());

    CHECK(delivered.at(0).data_of(1) == (Octets{192, 168, 1, 9}));
}

TEST(Answering, LetsANameLeadInsideThatTheHouseholdAllows) {
    house.rule("nas.example", HouseholdRule::Allow);

    ask(DnsBuilder::query("nas.example", 1));
    upstream.reply(0,
                   DnsBuilder::reply("nas.example", 1).a("nas.example", {192, 168, 1, 9}).build());

    CHECK(delivered.at(0).data_of(1) == (Octets{192, 168, 1, 9}));
}

TEST(Answering, ForwardsASpecialNameOfAZoneThatIsForwarded) {
    settings.zones.forwarded.add(*sporvakt::DomainName::from_text("168.192.in-addr.arpa"));

    CHECK(put(DnsBuilder::query("4.1.168.192.in-addr.arpa", 12).build()).kind ==
          Reply::Kind::Later);
    CHECK(put(DnsBuilder::query("4.1.0.10.in-addr.arpa", 12).build()).kind == Reply::Kind::Now);
}

TEST(Answering, GivesAStaleAnswerAndSaysSo) {
    ask(DnsBuilder::query("shop.example", 1));
    upstream.reply(0,
                   DnsBuilder::reply("shop.example", 1).a("shop.example", {192, 0, 2, 1}).build());
    house.clock.turn(std::chrono::hours(1));
    ask(DnsBuilder::query("shop.example", 1).edns());
    upstream.reply(1, {});

    const DnsReading& stale = delivered.at(1);
    CHECK(stale.data_of(1) == (Octets{192, 0, 2, 1}));
    LONGS_EQUAL(30, stale.ttl_of(1));
    LONGS_EQUAL(3, stale.extended_error());
    LONGS_EQUAL(1, counted(Count::Stale));
}

TEST(Answering, JudgesAStaleAnswerAsAnyOther) {
    ask(DnsBuilder::query("shop.example", 1));
    upstream.reply(0, DnsBuilder::reply("shop.example", 1)
                          .cname("shop.example", "cdn.example")
                          .a("cdn.example", {192, 0, 2, 1})
                          .build());
    house.clock.turn(std::chrono::hours(1));
    house.rule("cdn.example", HouseholdRule::Block);
    ask(DnsBuilder::query("shop.example", 1));
    upstream.reply(1, {});

    CHECK(delivered.at(1).data_of(1) == Octets(4));
    LONGS_EQUAL(1, counted(Count::Cloaked));
}

TEST(Answering, FetchesAPopularAnswerAnewBeforeItEnds) {
    ask(DnsBuilder::query("shop.example", 1));
    const auto reply =
        DnsBuilder::reply("shop.example", 1).a("shop.example", {192, 0, 2, 1}).build();
    upstream.reply(0, reply);
    ask(DnsBuilder::query("shop.example", 1));
    house.clock.turn(std::chrono::seconds(280));

    const DnsReading cached = ask(DnsBuilder::query("shop.example", 1));
    LONGS_EQUAL(2, upstream.asked.size());
    upstream.reply(1, reply);
    house.clock.turn(std::chrono::seconds(30));

    LONGS_EQUAL(20, cached.ttl_of(1));
    LONGS_EQUAL(270, ask(DnsBuilder::query("shop.example", 1)).ttl_of(1));
    LONGS_EQUAL(2, upstream.asked.size());
}

TEST(Answering, SaysNoAsTheGroupOfTheDeviceWishes) {
    sporvakt::policy::Group things{"things", "Things"};
    things.members = {{sporvakt::policy::Membership::By::Network, "192.168.1.20"}};
    things.answers.blocked = sporvakt::policy::AnswerWishes::Blocked::NoSuchName;
    house.group(things);

    LONGS_EQUAL(3, ask(DnsBuilder::query("tracker.example", 1)).rcode());
    address = "192.168.1.21";
    LONGS_EQUAL(0, ask(DnsBuilder::query("tracker.example", 1)).rcode());
}

TEST(Answering, AnswersCanaryNamesAsTheGroupOfTheDeviceWishes) {
    using Wish = sporvakt::policy::AnswerWishes::Wish;
    sporvakt::policy::Group work{"work", "Work"};
    work.members = {{sporvakt::policy::Membership::By::Network, "192.168.1.20"}};
    work.answers.canary_names = Wish::No;
    house.group(work);

    // For them an ordinary name, which is asked for.
    CHECK(put(DnsBuilder::query("use-application-dns.net", 1).build()).kind == Reply::Kind::Later);
    address = "192.168.1.21";
    LONGS_EQUAL(3, ask(DnsBuilder::query("use-application-dns.net", 1)).rcode());
    work.answers.canary_names = Wish::Yes;
    settings.canary_names.answered.fill(false);
    house.group(work);
    CHECK(put(DnsBuilder::query("use-application-dns.net", 1).build()).kind == Reply::Kind::Later);
    address = "192.168.1.20";
    LONGS_EQUAL(3, ask(DnsBuilder::query("use-application-dns.net", 1)).rcode());
}
