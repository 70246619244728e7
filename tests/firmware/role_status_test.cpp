#include "firmware/role_status.h"

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
};

TEST(RoleStatus, IsWellWhileAllRolesRun) {
    CHECK(status.status().health == webui::Status::Health::Ok);
    CHECK(status.status().protection == webui::Status::Protection::On);
}

TEST(RoleStatus, IsDegradedWhileOneDoesNot) {
    shared.of(Role::Sniffer).is_running = false;

    CHECK(status.status().health == webui::Status::Health::Degraded);
}

TEST(RoleStatus, AddsUpWhatIsLost) {
    shared.of(Role::Resolver).dropped = 2;
    shared.of(Role::Sniffer).dropped = 3;
    shared.of(Role::Sniffer).packets_dropped = 7;

    LONGS_EQUAL(5, status.status().sightings_dropped);
    LONGS_EQUAL(7, status.status().capture_drops);
}
