#include "firmware/role_status.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::firmware;

TEST_GROUP(RoleStatus) {
    SharedState shared;
    const RoleStatus status{shared};

    void setup() override {
        for (RoleState& role : shared.roles) {
            role.is_running = true;
        }
    }

    static std::uint64_t number(const std::vector<webui::Figure>& figures, std::string_view name) {
        const auto found = std::find_if(figures.begin(), figures.end(),
                                        [&](const auto& figure) { return figure.name == name; });
        CHECK(found != figures.end());
        return found->count;
    }
};

TEST(RoleStatus, IsWellWhileAllRolesRun) {
    CHECK(status.status().health == webui::Status::Health::Ok);
    CHECK(status.status().protection == webui::Status::Protection::On);
}

TEST(RoleStatus, IsDegradedWhileOneDoesNot) {
    shared.of(Role::Sniffer).is_running = false;

    CHECK(status.status().health == webui::Status::Health::Degraded);
}

TEST(RoleStatus, IsWellWithoutARoleThatIsNotWanted) {
    shared.of(Role::Gate).is_running = false;
    CHECK(status.status().health == webui::Status::Health::Degraded);
    shared.of(Role::Gate).is_wanted = false;

    CHECK(status.status().health == webui::Status::Health::Ok);
}

TEST(RoleStatus, AddsUpWhatIsLost) {
    shared.of(Role::Resolver).dropped = 2;
    shared.of(Role::Sniffer).dropped = 3;
    shared.of(Role::Sniffer).packets_dropped = 7;

    LONGS_EQUAL(5, status.status().sightings_dropped);
    LONGS_EQUAL(7, status.status().capture_drops);
}

TEST(RoleStatus, ShowsTheInterfacesAndWhatTheSnifferCounted) {
    shared.capture.interfaces.at(0).name("br-lan");
    shared.capture.interfaces.at(0).state(capture::WatchState::WithoutLink);
    shared.capture.interfaces.at(0).add({12, 3});
    shared.capture.counts.at(0) = 9;

    const webui::SnifferFigures figures = status.sniffer();

    LONGS_EQUAL(1, figures.interfaces.size());
    STRCMP_EQUAL("br-lan", figures.interfaces.front().name.c_str());
    STRCMP_EQUAL("without_link", std::string(figures.interfaces.front().state).c_str());
    LONGS_EQUAL(12, figures.interfaces.front().received);
    LONGS_EQUAL(3, figures.interfaces.front().dropped);
    LONGS_EQUAL(9, number(figures.counts, "packets"));
}

TEST(RoleStatus, IsDegradedWhileAnInterfaceIsNotSeen) {
    using capture::WatchState;
    InterfaceState& lan = shared.capture.interfaces.at(3);
    CHECK(status.status().health == webui::Status::Health::Ok);
    lan.name("eth9");
    for (const auto& [state, health] :
         {std::pair{WatchState::Missing, webui::Status::Health::Degraded},
          std::pair{WatchState::Refused, webui::Status::Health::Degraded},
          std::pair{WatchState::WithoutLink, webui::Status::Health::Ok},
          std::pair{WatchState::Watched, webui::Status::Health::Ok}}) {
        lan.state(state);
        CHECK(status.status().health == health);
    }
}

TEST(RoleStatus, SumsUpWhatTheResolverDid) {
    using dns::Count;
    for (const auto& [kind, count] :
         {std::pair{Count::Blocked, 3}, std::pair{Count::ByList, 2},
          std::pair{Count::ByHousehold, 1}, std::pair{Count::Rebinding, 1},
          std::pair{Count::AnsweredHere, 2}, std::pair{Count::Cached, 7},
          std::pair{Count::Stale, 1}, std::pair{Count::Answered, 5}, std::pair{Count::Failed, 4},
          std::pair{Count::Received, 40}}) {
        for (int again = 0; again < count; ++again) {
            shared.resolver.add(kind);
        }
    }
    shared.resolver.add(dns::QuestionKind::Https);

    const webui::ResolverFigures figures = status.resolver();

    LONGS_EQUAL(19, figures.answered);
    LONGS_EQUAL(4, figures.stopped);
    LONGS_EQUAL(8, figures.from_memory);
    LONGS_EQUAL(2, number(figures.counts, "by_list"));
    LONGS_EQUAL(4, number(figures.counts, "failed"));
    LONGS_EQUAL(1, number(figures.questions, "HTTPS"));
    LONGS_EQUAL(0, number(figures.questions, "A"));
}

TEST(RoleStatus, TellsHowLongTheInternetTook) {
    using std::chrono::milliseconds;
    for (int client = 0; client < 98; ++client) {
        shared.resolver.add_wait(milliseconds(20));
    }
    shared.resolver.add_wait(milliseconds(700));
    shared.resolver.add_wait(std::chrono::hours(1));

    const auto waits = status.resolver().waits;

    CHECK(*waits.median > milliseconds(20) && *waits.median <= milliseconds(30));
    CHECK(*waits.slowest_in_100 > milliseconds(700) && *waits.slowest_in_100 <= milliseconds(1050));
    CHECK(*waits.ranges.front().under == std::chrono::microseconds(128));
    CHECK_FALSE(waits.ranges.back().under.has_value());
    LONGS_EQUAL(1, waits.ranges.back().clients);
}

TEST(RoleStatus, SaysNothingOfWaitsWhenNobodyWaited) {
    CHECK_FALSE(status.resolver().waits.median.has_value());
    CHECK_FALSE(status.resolver().waits.slowest_in_100.has_value());
}
