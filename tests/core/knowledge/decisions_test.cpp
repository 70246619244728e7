#include "core/knowledge/decisions.h"

#include "tests/support/temporary_folder.h"

#include <fstream>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::knowledge;
using sporvakt::test::TemporaryFolder;

TEST_GROUP(Decisions) {
    TemporaryFolder folder;

    static std::string row(
        const std::string& date = "2023-08-07", const std::string& country = "NO",
        const std::string& amount = "1000000 NOK/day", const std::string& status = "set-aside",
        const std::string& status_date = "2024-06-18",
        const std::string& source = "https://a.example https://b.example") {
        return date + "|Datatilsynet|" + country + "|meta|Meta|meta snap|PVN-2023-31|Daily fine|" +
               amount + "|" + status + "|" + status_date + "|" + source + "\n";
    }
    auto read(const std::string& content) const {
        std::ofstream(folder.file("decisions.txt"), std::ios::trunc) << content;
        return read_decisions(folder.file("decisions.txt"));
    }
    std::string why_not(const std::string& content) const {
        const auto decisions = read(content);
        return decisions ? "" : decisions.error().message;
    }
};

TEST(Decisions, SayWhatWasDecidedAboutWhom) {
    const auto decisions = read(row());
    CHECK_TRUE(decisions.has_value());
    LONGS_EQUAL(1, decisions->size());
    const Decision& decision = decisions->front();
    STRCMP_EQUAL("Datatilsynet", decision.authority.c_str());
    STRCMP_EQUAL("Daily fine", decision.outcome.c_str());
    LONGS_EQUAL(1000000, decision.amount->value);
    STRCMP_EQUAL("NOK", decision.amount->currency.c_str());
    CHECK_TRUE(decision.amount->runs == Amount::Runs::EachDay);
    CHECK_TRUE(decision.status == DecisionStatus::SetAside);
    CHECK_TRUE(status_text(decision.status) == "set-aside");
    STRCMP_EQUAL("2024-06-18", decision.status_date.c_str());
    LONGS_EQUAL(2, decision.sources.size());
    CHECK_TRUE(decision.concerns("meta"));
    CHECK_TRUE(decision.concerns("snap"));
    CHECK_FALSE(decision.concerns("google"));
}

TEST(Decisions, AreInTheOrderOfTheirDatesNewestFirst) {
    const auto decisions = read(row("2021-09") + row("2024-06-18") + row("2023-01-04"));
    STRCMP_EQUAL("2024-06-18", decisions->at(0).date.c_str());
    STRCMP_EQUAL("2021-09", decisions->at(2).date.c_str());
}

TEST(Decisions, MayHaveNoAmountAndNoDateOfTheirStatus) {
    const auto decisions = read(row("2023-08-07", "EU", "", "decided", ""));
    CHECK_FALSE(decisions->front().amount.has_value());
    CHECK_TRUE(decisions->front().status_date.empty());
}

TEST(Decisions, ARowThatBreaksTheRulesIsNamed) {
    STRCMP_CONTAINS("decisions.txt:2: '2023-8-7' is not a date",
                    why_not("# c\n" + row("2023-8-7")).c_str());
    STRCMP_CONTAINS("'2023-13' is not a date", why_not(row("2023-13")).c_str());
    STRCMP_CONTAINS("'UK' is not a country", why_not(row("2023-08-07", "UK")).c_str());
    for (const char* const amount : {"NOK", "0 NOK", "1 nok", "1 NOK/week", "-5 NOK", "1.5 NOK",
                                     "99999999999999999999 NOK", "1 KRONER"}) {
        STRCMP_CONTAINS("is not an amount", why_not(row("2023-08-07", "NO", amount)).c_str());
    }
    STRCMP_CONTAINS("'won' is not a status", why_not(row("2023-08-07", "NO", "", "won")).c_str());
    STRCMP_CONTAINS("'June' is not a date",
                    why_not(row("2023-08-07", "NO", "", "upheld", "June")).c_str());
    STRCMP_CONTAINS("a source is missing",
                    why_not(row("2023-08-07", "NO", "", "upheld", "", "")).c_str());
    STRCMP_CONTAINS("not an https:// address",
                    why_not(row("2023-08-07", "NO", "", "upheld", "", "http://a.example")).c_str());
    STRCMP_CONTAINS("the party or the outcome is missing",
                    why_not("2023-08-07|A|NO|||||||decided||https://a.example\n").c_str());
    STRCMP_CONTAINS("fields", why_not("2023-08-07|A|NO\n").c_str());
}
