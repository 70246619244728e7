#include "firmware/commands/commands.h"
#include "firmware/household_file.h"
#include "tests/support/command_run.h"
#include "tests/support/temporary_folder.h"

#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using sporvakt::firmware::add_check_command;
using sporvakt::firmware::HouseholdFile;
using sporvakt::test::CommandRun;
using sporvakt::test::TemporaryFolder;

TEST_GROUP(CheckCommand) {
    TemporaryFolder folder;

    std::string list(const std::string& content) const {
        std::ofstream(folder.file("list.txt")) << content;
        return folder.file("list.txt");
    }
    void make_household(const std::vector<policy::HouseholdChange>& changes) const {
        auto household = *HouseholdFile::open(folder.path(), store::Access::ReadWrite);
        CHECK(household.change(changes).has_value());
    }
    void know_device(const std::string& id) const {
        auto household = *HouseholdFile::open(folder.path(), store::Access::ReadWrite);
        devices::Device device;
        device.id = *devices::DeviceId::from_text(id);
        CHECK(household
                  .change([&](HouseholdFile::Tables tables) {
                      return tables.devices.save(tables.transaction, device);
                  })
                  .has_value());
    }
    CommandRun check_household(const std::string& arguments) const {
        return {add_check_command, "check " + arguments + " --dir " + folder.path()};
    }
    CommandRun check(const std::string& arguments, const std::string& typed = {}) const {
        return {add_check_command, "check " + arguments + " --list " + folder.file("list.txt"),
                typed};
    }
};

TEST(CheckCommand, SaysVerdictRuleAndList) {
    list("||ads.example.com^\n");
    const CommandRun run = check("x.ads.example.com www.example.com");
    LONGS_EQUAL(0, run.exit_code);
    STRCMP_EQUAL(
        "x.ads.example.com A: block, rule ||ads.example.com^ of list.txt\n"
        "www.example.com A: allow\n",
        run.out.c_str());
}

TEST(CheckCommand, PrintsOneJsonObjectALine) {
    list("@@||good.example.com^\nads.example.com\n");
    const CommandRun run = check("ads.example.com GOOD.example.com. --json");
    STRCMP_EQUAL(
        "{\"name\":\"ads.example.com\",\"type\":\"A\",\"verdict\":\"block\","
        "\"rule\":\"ads.example.com\",\"list\":\"list.txt\",\"lists\":[\"list.txt\"],"
        "\"company\":null,\"purpose\":null,\"evasion\":null,\"sensitive\":null}\n"
        "{\"name\":\"good.example.com\",\"type\":\"A\",\"verdict\":\"allow\","
        "\"rule\":\"@@||good.example.com^\",\"list\":\"list.txt\",\"lists\":[\"list.txt\"],"
        "\"company\":null,\"purpose\":null,\"evasion\":null,\"sensitive\":null}\n",
        run.out.c_str());
}

TEST(CheckCommand, NamesAllListsThatBlockAName) {
    list("||ads.example.com^\n");
    std::ofstream(folder.file("other.txt")) << "x.ads.example.com\n@@y.ads.example.com\n";
    const std::string other = " --list " + folder.file("other.txt");
    CHECK(check("x.ads.example.com" + other).out ==
          "x.ads.example.com A: block, rule x.ads.example.com of other.txt (also in list.txt)\n");
    CHECK(check("y.ads.example.com --json" + other).out.find("\"lists\":[\"other.txt\"]") !=
          std::string::npos);
}

TEST(CheckCommand, AsksForAType) {
    list("||ads.example.com^$dnstype=AAAA\n");
    CHECK(check("ads.example.com --type aaaa").out.starts_with("ads.example.com AAAA: block"));
    CHECK(check("ads.example.com --type A").out.starts_with("ads.example.com A: allow"));
}

TEST(CheckCommand, ReadsNamesAndTypesFromStandardInput) {
    list("||ads.example.com^$dnstype=AAAA\n");
    const CommandRun run =
        check("--json", "ads.example.com AAAA\n\n# comment\nads.example.com\nwww.example.com A\n");
    LONGS_EQUAL(0, run.exit_code);
    CHECK(run.out.find("\"type\":\"AAAA\",\"verdict\":\"block\"") != std::string::npos);
    CHECK(run.out.find("\"name\":\"ads.example.com\",\"type\":\"A\",\"verdict\":\"allow\"") !=
          std::string::npos);
    CHECK(check("-", "www.example.com\n").out == "www.example.com A: allow\n");
}

TEST(CheckCommand, ABadNameIsAnErrorOnItsLineAndTheOthersAreJudged) {
    list("ads.example.com\n");
    const CommandRun run = check("bad..name ads.example.com");
    LONGS_EQUAL(0, run.exit_code);
    CHECK(run.out.starts_with("bad..name: error: not a domain name\nads.example.com A: block"));
    const CommandRun json = check("--json -", "ads.example.com NOSUCH\nbad..name\n");
    CHECK(json.out.find("{\"name\":\"ads.example.com\",\"error\":\"'NOSUCH' is not") == 0);
    CHECK(json.out.find("{\"name\":\"bad..name\",\"error\":") != std::string::npos);
}

TEST(CheckCommand, InternationalNamesAreJudgedAsTheDnsAsksForThem) {
    list("||bücher.example.com^\n");
    CHECK(check("bücher.example.com").out.starts_with("xn--bcher-kva.example.com A: block"));
}

TEST(CheckCommand, SeveralListsAreWeighedTogether) {
    list("||example.com^\n");
    std::ofstream(folder.file("allow.txt")) << "@@||good.example.com^\n";
    const CommandRun run =
        check("good.example.com bad.example.com --list " + folder.file("allow.txt"));
    CHECK(
        run.out.starts_with("good.example.com A: allow, rule @@||good.example.com^ of "
                            "allow.txt\nbad.example.com A: block"));
}

TEST(CheckCommand, NamesMayFollowTheLists) {
    const std::string path = list("ads.example.com\n");
    const CommandRun run(add_check_command,
                         "check --list " + path + " --list " + path + " ads.example.com");
    CHECK(run.out.starts_with("ads.example.com A: block"));
}

TEST(CheckCommand, SaysWhatAVisitToASiteMayReveal) {
    list("ads.example.com\n");
    STRCMP_EQUAL("www.nhi.no A: allow; a visit may reveal: health (GDPR Art. 9), by nhi.no\n",
                 check("www.nhi.no").out.c_str());
    STRCMP_CONTAINS(
        "\"sensitive\":{\"classes\":[\"children\",\"criminal\"],\"by\":\"ifengsel.no\"}",
        check("ifengsel.no --json").out.c_str());
}

TEST(CheckCommand, NeverTakesASuggestionForAFact) {
    list("ads.example.com\n");
    STRCMP_CONTAINS("; not known, but worth a look: 'apotek' in the name suggests health\n",
                    check("mitt-apotek.example").out.c_str());
    STRCMP_CONTAINS("\"sensitive\":null", check("mitt-apotek.example --json").out.c_str());
}

TEST(CheckCommand, SaysByWhatANameEvades) {
    const CommandRun run(add_check_command, "check mask.icloud.com shop.eulerian.net");
    STRCMP_CONTAINS(
        "mask.icloud.com A: allow, Apple (Ways around the filter); a relay that hides where "
        "traffic "
        "goes\n",
        run.out.c_str());
    STRCMP_CONTAINS("; a tracker behind names of other websites (CNAME)\n", run.out.c_str());
}

TEST(CheckCommand, AListThatCannotBeReadFails) {
    const CommandRun run = check("www.example.com");
    LONGS_EQUAL(1, run.exit_code);
    CHECK(run.errors.find("list.txt") != std::string::npos);
    CHECK(run.out.empty());
}

TEST(CheckCommand, SaysTheWholeReasonAndWhatWouldChangeIt) {
    list("||ads.example.com^\n");
    STRCMP_EQUAL(
        "ads.example.com A: block, rule ||ads.example.com^ of list.txt\n"
        "    The rule ||ads.example.com^ of the list list.txt blocks it.\n"
        "    To change it: An own rule that allows the name, or a pause.\n",
        check("ads.example.com --why").out.c_str());
    const std::string json = check("www.example.com --why --json").out;
    CHECK(json.find("\"group\":null,\"reason\":\"no_rule\",\"because\":\"Nothing speaks of this "
                    "name.\"") != std::string::npos);
}

TEST(CheckCommand, JudgesAsTheHouseholdDoesNow) {
    policy::Group children{"children", "Barna"};
    children.members = {{policy::Membership::By::Device, "3c:22:fb:12:34:01"}};
    make_household({policy::SetGroup{children},
                    policy::SetRule{"children", {"game.example", policy::HouseholdRule::Block}},
                    policy::SetRule{{}, {"shop.example", policy::HouseholdRule::Block}}});
    know_device("3c:22:fb:12:34:01");

    STRCMP_EQUAL(
        "shop.example A: block, by the household\n"
        "    The rule shop.example of the household blocks it.\n"
        "    To change it: Take that rule back.\n",
        check_household("shop.example --household --why").out.c_str());
    STRCMP_EQUAL("game.example A: allow\n",
                 check_household("game.example --household").out.c_str());
    STRCMP_EQUAL("game.example A: block, by the household\n",
                 check_household("game.example --device 3c:22:fb:12:34:01").out.c_str());
}

TEST(CheckCommand, SaysWhatAPauseLifts) {
    const Timestamp end = SystemClock().now() + std::chrono::hours(1);
    make_household({policy::SetRule{{}, {"shop.example", policy::HouseholdRule::Block}},
                    policy::SetPause{{policy::Pause::Scope::Everybody, "", end}}});

    STRCMP_EQUAL("shop.example A: allow, paused\n",
                 check_household("shop.example --household").out.c_str());
}

TEST(CheckCommand, SaysWhereThereIsNoHouseholdAndWhatIsNoDevice) {
    const CommandRun nowhere = check_household("a.example --household");
    LONGS_EQUAL(1, nowhere.exit_code);
    CHECK(nowhere.errors.find("holds no household yet") != std::string::npos);

    const CommandRun nobody = check_household("a.example --device my-phone");
    LONGS_EQUAL(1, nobody.exit_code);
    CHECK(nobody.errors.find("'my-phone' is not the id of a device") != std::string::npos);
    LONGS_EQUAL(64, check("a.example --household").exit_code);
}
