#include "firmware/lists/subscribed_lists.h"

#include "tests/support/hand_clock.h"
#include "tests/support/scripted_server.h"
#include "tests/support/temporary_folder.h"

#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using firmware::Configuration;
using firmware::files_in_force;
using firmware::ListUpdater;
using firmware::subscribed_lists;
using firmware::update_subscribed;

TEST_GROUP(SubscribedLists) {
    test::TemporaryFolder folder;
    test::HandClock clock;
    Configuration configuration;

    void setup() override {
        configuration.storage_dir = folder.path();
        configuration.subscribed.reach = firmware::Reach::Loopback;
    }
};

TEST(SubscribedLists, NobodyWantsAnyByItself) {
    CHECK(subscribed_lists(configuration)->empty());
}

TEST(SubscribedLists, FindsIdsInTheRegistryThatComesWithTheProgram) {
    configuration.subscribed.entries = {"adaway"};
    STRCMP_EQUAL("adaway", subscribed_lists(configuration)->at(0).id.c_str());
    configuration.subscribed.entries = {"adawy"};
    CHECK(subscribed_lists(configuration).error().code == Errc::InvalidInput);
    CHECK_FALSE(files_in_force(configuration).has_value());
}

TEST(SubscribedLists, WhatWasFetchedIsInForceBehindTheHouseholdsOwn) {
    const test::ScriptedServer server([](const test::ScriptedServer::Visitor& visitor) {
        visitor.send(test::http_answer("200 OK", "", "blocked.example\n"));
    });
    configuration.list_files = {"/etc/own.txt"};
    configuration.subscribed.entries = {server.url("/a.txt")};
    CHECK((*files_in_force(configuration) == std::vector<std::string>{"/etc/own.txt"}));

    CHECK_EQUAL(1U, *update_subscribed(configuration, clock, {}, {}));

    const std::string id = subscribed_lists(configuration)->at(0).id;
    CHECK((*files_in_force(configuration) ==
           std::vector{std::string("/etc/own.txt"), folder.file("lists/" + id)}));
    CHECK_EQUAL(0U, *update_subscribed(configuration, clock, {}, {}));  // is not due
    LONGS_EQUAL(1, server.requests().size());
}

TEST(SubscribedLists, MayNotBlockWhatOurFileProtects) {
    const test::ScriptedServer server([](const test::ScriptedServer::Visitor& visitor) {
        visitor.send(test::http_answer("200 OK", "", "captive.apple.com\n"));
    });
    configuration.subscribed.entries = {server.url("/a.txt")};
    CHECK_EQUAL(0U, *update_subscribed(configuration, clock, {}, {}));
    CHECK(files_in_force(configuration)->empty());
}
