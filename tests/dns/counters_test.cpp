#include "dns/counters.h"

#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_client.h"
#include "tests/support/dns/dns_reading.h"
#include "tests/support/dns/dns_worker_rig.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::IpPrefix;
using sporvakt::policy::HouseholdRule;
using sporvakt::test::DnsBuilder;
using sporvakt::test::DnsClient;
using sporvakt::test::DnsReading;
using sporvakt::test::DnsWorkerRig;

// What a worker counts of the questions that it was asked.
TEST_GROUP(Counters) {
    DnsWorkerRig rig;

    void ask(const std::string& name, std::uint16_t type = 1) {
        DnsClient::udp(rig.endpoint).ask(DnsBuilder::query(name, type).build());
    }
    // The last one answered is the last one counted.
    ResolverCounts counts() {
        rig.stop();
        ResolverCounts sum;
        rig.worker->counters().add_to(sum);
        return sum;
    }
};

TEST(Counters, TellsApartWhyItBlocked) {
    rig.at_once["shop.example."] = DnsBuilder::reply("shop.example", 1)
                                       .cname("shop.example", "x.tracker.example")
                                       .a("x.tracker.example", {192, 0, 2, 1})
                                       .build();
    rig.house.rule("unwanted.example", HouseholdRule::Block);
    rig.start();
    ask("tracker.example");
    ask("pixel.tracker.example", 28);
    ask("pixel.tracker.example", 65);
    ask("unwanted.example");
    ask("unwanted.example", 28);
    ask("shop.example");

    const ResolverCounts counted = counts();
    LONGS_EQUAL(6, counted[Count::Blocked]);
    LONGS_EQUAL(3, counted[Count::ByList]);
    LONGS_EQUAL(2, counted[Count::ByHousehold]);
    LONGS_EQUAL(1, counted[Count::Cloaked]);
}

TEST(Counters, TellsApartWhatIsAskedFor) {
    rig.start();
    constexpr std::uint16_t kMx = 15;
    constexpr std::uint16_t kSvcb = 64;
    constexpr std::uint16_t kAny = 255;
    for (const std::uint16_t type :
         {std::uint16_t{1}, std::uint16_t{1}, std::uint16_t{28}, std::uint16_t{65},
          std::uint16_t{12}, std::uint16_t{33}, std::uint16_t{16}, kMx, kSvcb, kAny}) {
        ask("tracker.example", type);
    }

    const ResolverCounts counted = counts();
    LONGS_EQUAL(2, counted[QuestionKind::A]);
    LONGS_EQUAL(1, counted[QuestionKind::Aaaa]);
    LONGS_EQUAL(1, counted[QuestionKind::Https]);
    LONGS_EQUAL(1, counted[QuestionKind::Ptr]);
    LONGS_EQUAL(1, counted[QuestionKind::Srv]);
    LONGS_EQUAL(1, counted[QuestionKind::Txt]);
    LONGS_EQUAL(3, counted[QuestionKind::Other]);
}

TEST(Counters, TellsWhoFromOutsideHeardNothing) {
    rig.admission_settings.allow_from = {*IpPrefix::from_text("192.168.0.0/16")};
    rig.start();
    DnsClient stranger = DnsClient::udp(rig.endpoint);
    constexpr unsigned kAsked = 60;
    for (unsigned asked = 0; asked < kAsked; ++asked) {
        stranger.send(DnsBuilder::query("shop.example", 1).build());
    }
    rig.wait_for(Count::Outside, kAsked);

    const ResolverCounts counted = counts();
    // The hand of the clock stands still: no new refusals come.
    LONGS_EQUAL(kAsked - Admission::kRefusalsPerSecond, counted[Count::OutsideDropped]);
    LONGS_EQUAL(0, counted[QuestionKind::A]);
}

TEST(Counters, TellsWhoHeardNothingForAskingTooMuch) {
    rig.admission_settings.rate_limit = 1;  // four seconds' worth at once
    rig.admission_settings.rate_limit_exempt.clear();
    rig.start();
    DnsClient eager = DnsClient::udp(rig.endpoint);
    for (unsigned asked = 0; asked < 12; ++asked) {
        eager.send(DnsBuilder::query("tracker.example", 1).build());
    }
    rig.wait_for(Count::Received, 12);

    const ResolverCounts counted = counts();
    LONGS_EQUAL(8, counted[Count::OverLimit]);
    LONGS_EQUAL(6, counted[Count::LimitDropped]);  // every fourth is told
    LONGS_EQUAL(4, counted[QuestionKind::A]);
}

TEST(Counters, CountsAWaitForTheInternetAndNoneForTheRest) {
    rig.at_once["shop.example."] =
        DnsBuilder::reply("shop.example", 1).a("shop.example", {192, 0, 2, 1}).build();
    rig.start();
    ask("shop.example");
    ask("shop.example");
    ask("tracker.example");
    ask("localhost");

    const ResolverCounts counted = counts();
    LONGS_EQUAL(1, counted[Count::Cached]);
    LONGS_EQUAL(1, counted.waits.total());
}

TEST(Counters, AddsUpWorkers) {
    rig.start();
    ask("tracker.example");
    ResolverCounts sum = counts();

    rig.worker->counters().add_to(sum);

    LONGS_EQUAL(2, sum[Count::Blocked]);
    LONGS_EQUAL(2, sum[QuestionKind::A]);
}

TEST(Counters, ShowsWhatItIsTold) {
    rig.start();
    ask("tracker.example");
    const ResolverCounts counted = counts();
    Counters shown;
    shown.add(Count::Failed);

    shown.show(counted);

    ResolverCounts read;
    shown.add_to(read);
    CHECK(read == counted);
}

TEST(Counters, HasANameForEveryNumber) {
    std::set<std::string_view> names(kCountLabels.begin(), kCountLabels.end());
    names.insert(kQuestionLabels.begin(), kQuestionLabels.end());

    LONGS_EQUAL(kCountKinds + kQuestionKinds, names.size());
    CHECK_FALSE(names.contains(""));
}
