#include "firmware/roles/resolver_role.h"

#include "core/ledger/batch.h"
#include "tests/support/firmware/role_rig.h"
#include "tests/support/firmware/running_daemon.h"

#include <algorithm>
#include <vector>

#include <sys/resource.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::firmware;

TEST_GROUP(ResolverRole) {
    test::RoleRig rig;
};

TEST(ResolverRole, AnswersByTheHouseholdsRulesAndTellsTheKeeper) {
    {
        auto household = HouseholdFile::open(rig.folder.path(), store::Access::ReadWrite);
        CHECK(household
                  ->change([](HouseholdFile::Tables tables) {
                      return tables.household.set_rule(tables.transaction, "tracker.example",
                                                       policy::HouseholdRule::Block);
                  })
                  .has_value());
    }
    const Endpoint endpoint = test::free_endpoint();
    rig.configuration.dns.upstream.forwarders = {{test::free_endpoint(), {}}};
    auto sockets = dns::open_sockets(std::vector{endpoint}, 1);
    CHECK(sockets.has_value());

    test::RoleThread resolver([&](const std::stop_token& stop) {
        return run_resolver_role({rig.ground(), std::move(*sockets), std::move(rig.theirs)}, stop);
    });

    CHECK(test::ask(endpoint, "pixel.tracker.example", std::chrono::seconds(1), 5).is_blocked);
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
    const Endpoint endpoint = test::free_endpoint();
    rig.configuration.dns.upstream.forwarders = {{test::free_endpoint(), {}}};
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
