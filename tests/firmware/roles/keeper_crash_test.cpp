#include "core/ledger/ledger_file.h"
#include "core/ledger/live_rows.h"
#include "core/ledger/order_message.h"
#include "core/ledger/stored_reports.h"
#include "core/policy/household_change.h"
#include "firmware/roles/keeper_role.h"
#include "firmware/sender.h"
#include "tests/support/firmware/role_rig.h"
#include "tests/support/silence.h"

#include <chrono>
#include <csignal>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::firmware;
using policy::HouseholdChange;

namespace {

constexpr unsigned kKills = 500;
constexpr unsigned kRulesOfAnOrder = 20;

std::string name_of(std::uint64_t order, unsigned rule) {
    return "r" + std::to_string(rule) + ".o" + std::to_string(order) + ".example";
}

/// Replaces the group by one whose every part bears the order's number: half of one would show.
ledger::Order numbered_order(std::uint64_t number) {
    std::vector<HouseholdChange> changes{policy::RemoveGroup{"g"},
                                         policy::SetGroup{{"g", std::to_string(number)}}};
    for (unsigned rule = 0; rule < kRulesOfAnOrder; ++rule) {
        changes.emplace_back(policy::SetRule{"g", {name_of(number, rule)}});
    }
    return ledger::ChangePolicy{policy::encode(changes)};
}

/// The number that all parts of the household bear; 0 before the first order.
std::uint64_t number_in(const policy::HouseholdRules& household) {
    if (household.groups.empty()) {
        return 0;
    }
    const policy::Group& group = household.groups[0];
    const std::uint64_t number = std::stoull(group.name);
    LONGS_EQUAL(1, household.groups.size());
    LONGS_EQUAL(0, household.rules.size());
    LONGS_EQUAL(kRulesOfAnOrder, group.rules.size());
    const std::string end = ".o" + group.name + ".example";
    for (const policy::OwnRule& rule : group.rules) {
        CHECK_TEXT(rule.text.ends_with(end), rule.text.c_str());
    }
    return number;
}

}  // namespace

TEST_GROUP(KeeperCrash) {
    test::RoleRig rig;
    Channel web;         ///< The web role's end.
    Channel webs_other;  ///< The keeper's.
    std::mt19937 random{20261122};
    std::uint64_t sent = 0;
    std::uint64_t acknowledged = 0;
    std::uint64_t seen = 0;

    void setup() override {
        auto pair = Channel::open_pair();
        webs_other = std::move(pair->first);
        web = std::move(pair->second);
    }

    KeeperRole role() {
        Keeper::Lines lines;
        lines.senders.push_back(*rig.theirs.duplicate());
        lines.web = *webs_other.duplicate();
        return {rig.ground(), std::move(lines), {std::chrono::milliseconds(20)}, ""};
    }

    pid_t start_keeper() {
        const pid_t child = ::fork();
        if (child == 0) {
            test::silence_errors();
            ::_exit(run_keeper_role(role(), std::stop_token()));
        }
        return child;
    }

    void order() {
        const auto bytes = ledger::encode(numbered_order(sent + 1));
        if (web.send(encode(OrderRequest{sent + 1, bytes})) == Channel::Sent::Yes) {
            ++sent;
        }
    }
    void read_answers() {
        while (const auto bytes = web.receive()) {
            const auto message = *decode(*bytes);
            if (const auto* const answer = std::get_if<OrderAnswer>(&message)) {
                STRCMP_EQUAL("", answer->failure.c_str());
                acknowledged = answer->id;
            }
        }
    }
    void sight(Sender & sender) {
        ledger::SightingView sighting;
        sighting.at = sighting.last = rig.clock.now();
        sighting.device = devices::DeviceId(*IpAddress::from_text("192.168.1.20"));
        sighting.name = "pixel.example";
        sighting.attempts = 1;
        sender.record(sighting);
        sender.seal();
        sender.exchange();
        ++seen;
    }

    /// Sends orders and sightings until the moment comes that chance chose: anywhere in the
    /// keeper's start, or soon after it answered.
    void work_until_the_moment(Sender & sender, bool waits_for_answer) {
        const std::uint64_t before = acknowledged;
        const auto given_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        auto moment = given_up;
        std::uniform_int_distribution<int> microseconds(0, waits_for_answer ? 3'000 : 12'000);
        if (!waits_for_answer) {
            moment =
                std::chrono::steady_clock::now() + std::chrono::microseconds(microseconds(random));
        }
        order();
        sight(sender);
        while (std::chrono::steady_clock::now() < moment) {
            pollfd answered{web.descriptor(), POLLIN, 0};
            (void)::poll(&answered, 1, 1);
            const std::uint64_t last = acknowledged;
            read_answers();
            sender.exchange();
            if (acknowledged != last) {
                order();
                sight(sender);
            }
            if (moment == given_up && acknowledged != before) {
                moment = std::chrono::steady_clock::now() +
                         std::chrono::microseconds(microseconds(random));
            }
        }
    }

    void check_household() const {
        const auto file =
            HouseholdFile::open(rig.configuration.storage_dir, store::Access::ReadOnly);
        if (!file) {
            LONGS_EQUAL(0, acknowledged);  // killed before it was made
            return;
        }
        const auto household = file->rules();
        CHECK_TEXT(household.has_value(), household ? "" : household.error().message.c_str());
        const std::uint64_t number = number_in(*household);
        CHECK_TRUE(number >= acknowledged);
        CHECK_TRUE(number <= sent);
    }

    std::uint64_t attempts() const {
        const std::shared_ptr<store::Environment> file = *ledger::open_ledger_file(
            rig.configuration.storage_dir + "/ledger.mdb", store::Access::ReadOnly);
        ledger::LiveRows none;
        const ledger::StoredReports reports(file, none);
        ledger::Filter all;
        all.to = rig.clock.now() + std::chrono::hours(1);
        return reports.totals(all)->prevented_attempts;
    }

    void let_it_finish(Sender & sender) {
        test::RoleThread keeper(
            [this](const std::stop_token& stop) { return run_keeper_role(role(), stop); });
        CHECK(rig.comes_true([&] {
            sender.exchange();
            read_answers();
            return acknowledged == sent && sender.has_sent_all();
        }));
        LONGS_EQUAL(0, keeper.stop());
    }
};

TEST(KeeperCrash, LosesNothingThatWasAcknowledgedAndShowsNoHalfState) {
    Sender sender(std::move(rig.ours), rig.shared.of(Role::Resolver), 1);
    for (unsigned round = 0; round < kKills; ++round) {
        const pid_t keeper = start_keeper();
        work_until_the_moment(sender, round % 2 == 0);
        LONGS_EQUAL(0, ::kill(keeper, SIGKILL));
        int status = 0;
        LONGS_EQUAL(keeper, ::waitpid(keeper, &status, 0));
        CHECK_TRUE(WIFSIGNALED(status));
        read_answers();
        check_household();
    }
    CHECK_TRUE(acknowledged >= kKills / 2);

    order();
    sight(sender);
    let_it_finish(sender);
    check_household();
    LONGS_EQUAL(seen, attempts());
}
