#include "firmware/commands/commands.h"
#include "tests/support/command_run.h"
#include "tests/support/firmware/stored_household.h"

#include <string>

#include <nlohmann/json.hpp>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using test::CommandRun;
using test::SightingBuilder;

TEST_GROUP(ExportCommand) {
    test::TemporaryFolder folder;

    /// Two devices with contacts; the first with a name.
    void setup() override {
        test::store_household(folder, {SightingBuilder().name("one.example").build(),
                                       SightingBuilder().by(2).name("other.example").build()});
    }
    CommandRun run(const std::string& arguments) const {
        return {firmware::add_export_command, "export " + arguments + " --dir " + folder.path()};
    }
};

TEST(ExportCommand, PrintsADevicesRecordAndItsContactsAlone) {
    const CommandRun done = run("3c:22:fb:00:00:01");
    LONGS_EQUAL(0, done.exit_code);
    const auto json = nlohmann::json::parse(done.out);
    CHECK(json.at("device").at("given_name") == "Nettbrett");
    CHECK(json.at("device").at("addresses") == nlohmann::json::array({"192.168.1.20"}));
    LONGS_EQUAL(1, json.at("contacts").size());
    CHECK(json.at("contacts").at(0).at("name") == "one.example");
    CHECK(json.at("contacts").at(0).at("result") == "prevented");
}

TEST(ExportCommand, PrintsContactsAsCsv) {
    const CommandRun done = run("3c:22:fb:00:00:01 --format csv");
    LONGS_EQUAL(0, done.exit_code);
    CHECK(done.out.starts_with("first,last,name,company,purpose,result,"));
    STRCMP_CONTAINS(",one.example,,advertising,prevented,1,1,0,0,||pixel.example^,Test list,\r\n",
                    done.out.c_str());
    CHECK(done.out.find("other.example") == std::string::npos);
}

TEST(ExportCommand, WhatIsNotKnownIsAnError) {
    LONGS_EQUAL(1, run("3c:22:fb:00:00:09").exit_code);
    STRCMP_CONTAINS("no device 3c:22:fb:00:00:09", run("3c:22:fb:00:00:09").errors.c_str());
    STRCMP_CONTAINS("is not the id of a device", run("toaster").errors.c_str());
}
