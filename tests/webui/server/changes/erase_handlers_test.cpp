#include "webui/server/changes/erase_handlers.h"

#include "tests/support/handler_house.h"

#include <string>
#include <variant>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using test::HandlerHouse;
using test::kWebNow;
using test::WebHouse;

TEST_GROUP(EraseHandlers) {
    HandlerHouse house;

    std::string refused(const std::string& query) {
        const auto answer = house.call(webui::delete_history, query);
        return answer ? "" : answer.error().parameter;
    }
    webui::Answered<webui::Response> forget(const std::string& id) {
        const auto asked = test::request("DELETE", "/");
        return webui::delete_device(
            {asked, id, house.settings, house.parts, house.access, house.feed});
    }
};

TEST(EraseHandlers, OrderWhatIsToBeGone) {
    LONGS_EQUAL(204, house.call(webui::delete_history)->status);
    const auto answer =
        house.call(webui::delete_history, "?device=" + WebHouse::phone().text() +
                                              "&from=2026-11-21T13:30:00Z&to=2026-11-21T14:30:00Z");
    LONGS_EQUAL(204, answer->status);
    const auto orders = house.keeper.orders();
    LONGS_EQUAL(2, orders.size());
    CHECK_TRUE(std::get<ledger::EraseHistory>(orders[0]).erasure == ledger::Erasure{});
    const ledger::Erasure wanted{WebHouse::phone(), kWebNow - std::chrono::hours(1), kWebNow};
    CHECK_TRUE(std::get<ledger::EraseHistory>(orders[1]).erasure == wanted);
}

TEST(EraseHandlers, RefuseWhatMakesNoSense) {
    STRCMP_EQUAL("device", refused("?device=toaster").c_str());
    STRCMP_EQUAL("from", refused("?from=yesterday").c_str());
    STRCMP_EQUAL("to", refused("?from=2026-11-21T13:30:00Z&to=2026-11-21T13:30:00Z").c_str());
    LONGS_EQUAL(0, house.keeper.orders().size());
}

TEST(EraseHandlers, ForgetADeviceThatIsKnown) {
    LONGS_EQUAL(204, forget(WebHouse::phone().text())->status);
    CHECK_TRUE(std::get<ledger::ForgetDevice>(house.keeper.orders().at(0)).device ==
               WebHouse::phone());
    CHECK(forget(WebHouse::nobody().text()).error().problem == webui::Problem::UnknownDevice);
    CHECK(forget("toaster").error().problem == webui::Problem::UnknownDevice);
}

TEST(EraseHandlers, TellTheKeepersFailure) {
    house.keeper.fail_orders({Errc::Unavailable, "The keeper does not answer."});
    CHECK(forget(WebHouse::phone().text()).error().problem == webui::Problem::Unavailable);
}
