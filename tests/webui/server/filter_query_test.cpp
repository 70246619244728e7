#include "webui/server/filter_query.h"

#include "tests/support/web_house.h"

#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::ledger::Filter;
using sporvakt::ledger::Outcome;
using sporvakt::test::kWebNow;
using sporvakt::test::WebHouse;
using sporvakt::trackers::CompanyId;
using sporvakt::trackers::Purpose;
using sporvakt::webui::filter_of;
using sporvakt::webui::limit_of;
using sporvakt::webui::nameless_slug;
using sporvakt::webui::Problem;
using sporvakt::webui::Query;
using sporvakt::webui::step_of;
using std::chrono::hours;

TEST_GROUP(FilterQuery) {
    WebHouse house;

    Filter filter(const std::string& text) {
        const auto read = filter_of(*Query::from_text(text), *house.policy.get(), house.clock);
        CHECK_TRUE_TEXT(read.has_value(), text.c_str());
        return read.value_or(Filter{});
    }

    /// The parameter at fault; empty when there is none.
    std::string fault(const std::string& text) {
        const auto read = filter_of(*Query::from_text(text), *house.policy.get(), house.clock);
        return read ? "" : read.error().parameter;
    }
};

TEST(FilterQuery, MeansTheLastDayWithoutTimes) {
    const auto all = filter("");

    CHECK(all.from == kWebNow - hours(24));
    CHECK(all.to == kWebNow);
    CHECK_FALSE(all.device || all.company || all.purpose || all.outcome);
    CHECK(all.name_contains.empty());
}

TEST(FilterQuery, ReadsRanges) {
    CHECK(filter("range=1h").from == kWebNow - hours(1));
    CHECK(filter("range=24h").from == kWebNow - hours(24));
    CHECK(filter("range=7d").from == kWebNow - hours(7 * 24));
    CHECK(filter("range=30d").to == kWebNow);
    for (const auto* text : {"range=", "range=2h", "range=1H", "range=1h&from=2026-11-21T00:00:00Z",
                             "range=1h&to=2026-11-21T00:00:00Z"}) {
        STRCMP_EQUAL_TEXT("range", fault(text).c_str(), text);
    }
}

TEST(FilterQuery, ReadsTimes) {
    const auto both = filter("from=2026-11-21T00:00:00Z&to=2026-11-21T02:00:00%2B01:00");

    CHECK(both.to - both.from == hours(1));
    CHECK(filter("from=2026-11-21T14:00:00Z").to == kWebNow);
    CHECK(filter("to=2026-11-21T14:00:00Z").from == kWebNow - hours(24) - std::chrono::minutes(30));
}

TEST(FilterQuery, RefusesSpansThatAreNone) {
    STRCMP_EQUAL("from", fault("from=yesterday").c_str());
    STRCMP_EQUAL("to", fault("to=").c_str());
    STRCMP_EQUAL("from", fault("from=2026-11-21T02:00:00Z&to=2026-11-21T02:00:00Z").c_str());
    STRCMP_EQUAL("from", fault("from=2027-01-01T00:00:00Z").c_str());
    STRCMP_EQUAL("from", fault("from=2025-11-20T14:29:59Z").c_str());
    STRCMP_EQUAL("", fault("from=2025-11-20T14:30:00Z").c_str());
}

TEST(FilterQuery, ReadsWhoAndWhat) {
    const auto read = filter(
        "device=3C:22:FB:12:34:01&company=meta&result=leaked&purpose=session-replay&q=PiXel");

    CHECK(read.device == WebHouse::phone());
    CHECK(read.company == WebHouse::meta());
    CHECK(read.outcome == Outcome::Leaked);
    CHECK(read.purpose == Purpose::SessionReplay);
    STRCMP_EQUAL("pixel", read.name_contains.c_str());
    CHECK(filter("device=192.168.1.99").device == WebHouse::nobody());
    CHECK(filter("result=prevented").outcome == Outcome::Prevented);
}

TEST(FilterQuery, KnowsCompaniesThatNobodyKnows) {
    const CompanyId gone{0x0a1b2c3dU};

    CHECK(filter("company=none").company == CompanyId::None);
    STRCMP_EQUAL("x-0a1b2c3d", nameless_slug(gone).c_str());
    CHECK(filter("company=" + nameless_slug(gone)).company == gone);
}

TEST(FilterQuery, RefusesWhatItDoesNotKnow) {
    for (const auto* parameter : {"device", "purpose", "result", "q"}) {
        const std::string name(parameter);
        STRCMP_EQUAL(parameter, fault(name + "=").c_str());
    }
    STRCMP_EQUAL("device", fault("device=phone").c_str());
    STRCMP_EQUAL("result", fault("result=Leaked").c_str());
    STRCMP_EQUAL("q", fault("q=" + std::string(254, 'a')).c_str());
    for (const auto* slug : {"", "mets", "META", "x-", "x-0a1b2c3", "x-0a1b2c3g", "x--a1b2c3d"}) {
        STRCMP_EQUAL_TEXT("company", fault("company=" + std::string(slug)).c_str(), slug);
    }
    CHECK(filter_of(*Query::from_text("company=mets"), *house.policy.get(), house.clock)
              .error()
              .problem == Problem::UnknownCompany);
}

TEST(FilterQuery, ReadsLimits) {
    LONGS_EQUAL(100, *limit_of(*Query::from_text("")));
    LONGS_EQUAL(1, *limit_of(*Query::from_text("limit=1")));
    LONGS_EQUAL(500, *limit_of(*Query::from_text("limit=500")));
    for (const auto* text : {"limit=", "limit=0", "limit=501", "limit=-1", "limit=1.5", "limit= 1",
                             "limit=99999999999999999999"}) {
        CHECK_FALSE_TEXT(limit_of(*Query::from_text(text)).has_value(), text);
    }
}

TEST(FilterQuery, ReadsSteps) {
    CHECK(step_of(*Query::from_text(""))->length == std::chrono::minutes(10));
    CHECK(step_of(*Query::from_text("step=1h"))->length == hours(1));
    CHECK(step_of(*Query::from_text("step=1d"))->length == hours(24));
    CHECK(step_of(*Query::from_text("step=1d"))->text == "1d");
    CHECK_FALSE(step_of(*Query::from_text("step=5m")).has_value());
    CHECK_FALSE(step_of(*Query::from_text("step=")).has_value());
}
