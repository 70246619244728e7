#include "firmware/roles/resolver_role.h"

#include "core/ledger/batch.h"
#include "tests/support/firmware/role_rig.h"
#include "tests/support/firmware/running_daemon.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include <sys/resource.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::firmware;

TEST_GROUP(ResolverRole) {
    test::RoleRig rig;
    const Endpoint endpoint = test::free_endpoint();

    void setup() override {
        auto household = HouseholdFile::open(rig.folder.path(), store::Access::ReadWrite);
        CHECK(household
                  ->change([](HouseholdFile::Tables tables) {
                      return tables.household.change(
                          tables.transaction,
                          policy::SetRule{{}, {"tracker.example", policy::HouseholdRule::Block}});
                  })
                  .has_value());
        rig.configuration.dns.upstream.forwarders = {{test::free_endpoint(), {}}};
    }

    int run(const std::stop_token& stop) {
        auto sockets = dns::open_sockets(std::vector{endpoint}, 1);
        CHECK(sockets.has_value());
        auto line = rig.theirs.duplicate();
        return run_resolver_role({rig.ground(), std::move(*sockets), std::move(*line)}, stop);
    }
    bool is_blocked() const {
        return test::ask(endpoint, "pixel.tracker.example", std::chrono::seconds(1), 5).is_blocked;
    }
    std::uint64_t shown(dns::Count kind) const {
        dns::ResolverCounts counts;
        rig.shared.resolver.add_to(counts);
        return counts[kind];
    }
};

TEST(ResolverRole, AnswersByTheHouseholdsRulesAndTellsTheKeeper) {
    test::RoleThread resolver([&](const std::stop_token& stop) { return run(stop); });

    CHECK(is_blocked());
    const auto sent = rig.heard<BatchMessage>();
    CHECK(sent.has_value());
    const auto batch = ledger::parse_batch(sent->batch);
    STRCMP_EQUAL("pixel.tracker.example", batch->sightings.front().name.c_str());
    CHECK(rig.shared.of(Role::Resolver).household_seen == rig.shared.household);
    LONGS_EQUAL(0, resolver.stop());
}

TEST(ResolverRole, MayHaveAsManyFilesAsItsWorkersNeed) {
    rlimit before{};
    getrlimit(RLIMIT_NOFILE, &before);
    rlimit low = before;
    low.rlim_cur = std::min<rlim_t>(1024, before.rlim_max);
    setrlimit(RLIMIT_NOFILE, &low);
    auto sockets = dns::open_sockets(std::vector{endpoint}, 2);

    test::RoleThread resolver([&](const std::stop_token& stop) {
        return run_resolver_role({rig.ground(), std::move(*sockets), std::move(rig.theirs)}, stop);
    });
    test::ask(endpoint, "use-application-dns.net", std::chrono::seconds(1), 5);
    rlimit raised{};
    getrlimit(RLIMIT_NOFILE, &raised);
    LONGS_EQUAL(0, resolver.stop());
    setrlimit(RLIMIT_NOFILE, &before);

    CHECK(raised.rlim_cur >= std::min<rlim_t>(3 * 1024, before.rlim_max));
}

TEST(ResolverRole, ShowsWhatItCountsWhileItRuns) {
    test::RoleThread resolver([&](const std::stop_token& stop) { return run(stop); });
    CHECK(is_blocked());

    CHECK(test::RoleRig::comes_true([&] { return shown(dns::Count::ByHousehold) > 0; }));
    LONGS_EQUAL(0, resolver.stop());
}

TEST(ResolverRole, CountsOnFromWhereTheOneBeforeItStopped) {
    std::uint64_t before = 0;
    for (int life = 0; life < 2; ++life) {
        test::RoleThread resolver([&](const std::stop_token& stop) { return run(stop); });
        CHECK(is_blocked());
        LONGS_EQUAL(0, resolver.stop());
        CHECK(shown(dns::Count::Blocked) > before);
        before = shown(dns::Count::Blocked);
    }
    LONGS_EQUAL(before, shown(dns::Count::ByHousehold));
}
