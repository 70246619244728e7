#include "dns/answers/blocking.h"

#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_reading.h"
#include "tests/support/dns/dns_rig.h"

#include <array>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::Bytes;
using sporvakt::devices::DeviceId;
using sporvakt::ledger::Cause;
using sporvakt::policy::HouseholdRule;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsHouse;
using sporvakt::test::DnsReading;

TEST_GROUP(Blocking) {
    DnsHouse house;
    BlockingMode mode;
    std::array<std::uint8_t, 512> out{};

    Blocking blocking(std::string_view name, std::string_view behind = {}) {
        return {house.policy.get()->judge({{}, behind.empty() ? name : behind, {}}), behind};
    }
    DnsReading answer(const DnsBuilder& asked, const Blocking& why) {
        const Query query = *Query::parse(asked.build());
        const std::size_t length =
            write_blocked_answer(out, query, {why, *house.policy.get(), mode});
        return DnsReading(Bytes(out).first(length));
    }
    /// tracker.example as it is answered in the mode set.
    DnsReading answer(std::uint16_t type) {
        return answer(DnsBuilder::query("tracker.example", type).edns(),
                      blocking("tracker.example"));
    }
};

TEST(Blocking, AnswersAddressesWithTheUnspecifiedOne) {
    const Blocking why = blocking("tracker.example");

    CHECK(answer(DnsBuilder::query("tracker.example", 1), why).data_of(1) ==
          std::vector<std::uint8_t>(4));
    CHECK(answer(DnsBuilder::query("tracker.example", 28), why).data_of(28) ==
          std::vector<std::uint8_t>(16));
}

TEST(Blocking, HasNoDataOfAnyOtherType) {
    const DnsReading found =
        answer(DnsBuilder::query("tracker.example", 65).edns(), blocking("tracker.example"));

    LONGS_EQUAL(0, found.rcode());
    LONGS_EQUAL(0, found.answers());
    LONGS_EQUAL(10, found.ttl_of(6));
    LONGS_EQUAL(15, found.extended_error());
}

TEST(Blocking, MaySayThatThereIsNoSuchName) {
    mode.answer = BlockingMode::Answer::NoSuchName;

    for (const std::uint16_t type : {DnsBuilder::kA, DnsBuilder::kAaaa, DnsBuilder::kHttps}) {
        const DnsReading found = answer(type);
        LONGS_EQUAL(3, found.rcode());
        LONGS_EQUAL(0, found.answers());
        LONGS_EQUAL(1, found.authorities());
        LONGS_EQUAL(10, found.ttl_of(6));
        LONGS_EQUAL(15, found.extended_error());
    }
}

TEST(Blocking, MaySayThatThereIsNoData) {
    mode.answer = BlockingMode::Answer::NoData;

    for (const std::uint16_t type : {DnsBuilder::kA, DnsBuilder::kAaaa, DnsBuilder::kHttps}) {
        const DnsReading found = answer(type);
        LONGS_EQUAL(0, found.rcode());
        LONGS_EQUAL(0, found.answers());
        LONGS_EQUAL(1, found.authorities());
        LONGS_EQUAL(15, found.extended_error());
    }
}

TEST(Blocking, MayRefuse) {
    mode.answer = BlockingMode::Answer::Refused;

    const DnsReading found = answer(1);

    LONGS_EQUAL(5, found.rcode());
    LONGS_EQUAL(0, found.answers());
    LONGS_EQUAL(0, found.authorities());
    LONGS_EQUAL(15, found.extended_error());
}

TEST(Blocking, MayPointToAnAddressOfTheHouse) {
    mode.answer = BlockingMode::Answer::OwnAddress;
    mode.ipv4 = sporvakt::IpAddress::from_text("192.168.1.1").value();

    CHECK(answer(1).data_of(1) == (std::vector<std::uint8_t>{192, 168, 1, 1}));
    LONGS_EQUAL(0, answer(28).answers());
    mode.ipv6 = sporvakt::IpAddress::from_text("fd00::1").value();
    LONGS_EQUAL(0xfd, answer(28).data_of(28).at(0));
    LONGS_EQUAL(0, answer(65).answers());
    LONGS_EQUAL(15, answer(1).extended_error());
}

TEST(Blocking, IsRememberedForAsLongAsTheHouseholdSays) {
    mode.ttl = 300;

    LONGS_EQUAL(300, answer(1).ttl_of(1));
    LONGS_EQUAL(300, answer(65).ttl_of(6));
}

TEST(Blocking, NamesTheDisguise) {
    const DnsReading found = answer(DnsBuilder::query("metrics.shop.example", 1).edns(),
                                    blocking("metrics.shop.example", "x.tracker.example"));

    STRCMP_EQUAL(
        "The rule ||tracker.example^ of the list House list blocks it; tracker of Meta Platforms; "
        "disguised: x.tracker.example",
        found.extended_text().c_str());
}

TEST(Blocking, NamesTheHousehold) {
    house.rule("shop.example", HouseholdRule::Block);

    const DnsReading found =
        answer(DnsBuilder::query("shop.example", 1).edns(), blocking("shop.example"));

    STRCMP_EQUAL("The rule shop.example of the household blocks it", found.extended_text().c_str());
}

TEST(Blocking, ReportsRuleCompanyAndCause) {
    const Query query = *Query::parse(DnsBuilder::query("Tracker.example", 1).build());

    const auto sighting =
        blocked_sighting(query, DeviceId(), blocking("tracker.example"), house.clock.now())
            .with_texts_as<std::string>();

    STRCMP_EQUAL("tracker.example", sighting.name.c_str());
    STRCMP_EQUAL("||tracker.example^", sighting.rule.c_str());
    CHECK(sighting.company != sporvakt::trackers::CompanyId::None);
    CHECK(sighting.purpose == sporvakt::trackers::Purpose::Advertising);
    CHECK(sighting.cause == Cause::List);
    CHECK(sighting.at == house.clock.now() && sighting.last == sighting.at);
    CHECK_TRUE(sighting.detail.empty());
}

TEST(Blocking, ReportsWhatWasBehindADisguise) {
    const Query query = *Query::parse(DnsBuilder::query("metrics.shop.example", 1).build());

    const auto sighting =
        blocked_sighting(query, DeviceId(), blocking("metrics.shop.example", "x.tracker.example"),
                         {})
            .with_texts_as<std::string>();

    CHECK(sighting.cause == Cause::Cloaked);
    STRCMP_EQUAL("metrics.shop.example", sighting.name.c_str());
    STRCMP_EQUAL("x.tracker.example", sighting.detail.c_str());
}

TEST(Blocking, IsSaidAsTheDevicesGroupWishes) {
    using sporvakt::policy::AnswerWishes;
    using Wished = AnswerWishes::Blocked;
    mode.ttl = 60;
    const auto wished = [this](Wished blocked) { return mode_for(mode, {blocked, {}, {}}); };

    CHECK(wished(Wished::AsHousehold) == mode);
    CHECK(wished(Wished::NullAddress).answer == BlockingMode::Answer::NullAddress);
    CHECK(wished(Wished::NoSuchName).answer == BlockingMode::Answer::NoSuchName);
    CHECK(wished(Wished::NoData).answer == BlockingMode::Answer::NoData);
    CHECK(wished(Wished::Refused).answer == BlockingMode::Answer::Refused);
    LONGS_EQUAL(60, wished(Wished::Refused).ttl);
}
