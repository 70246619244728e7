#include "firmware/history/order_box.h"

#include "core/ledger/order_message.h"
#include "firmware/household_file.h"
#include "tests/support/ledger_builder.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using firmware::HouseholdFile;
using firmware::OrderBox;

TEST_GROUP(OrderBox) {
    test::TemporaryFolder folder;
    HouseholdFile file =
        test::value_of(HouseholdFile::open(folder.path(), store::Access::ReadWrite));
    const ledger::Order erasing =
        ledger::EraseHistory{{test::device(1), std::nullopt, test::minute(5)}};

    std::vector<OrderBox::LeftOrder> waiting() const {
        return test::value_of(file.waiting_orders());
    }
};

TEST(OrderBox, HandsOverWhatWasLeftAndBringsTheAnswerBack) {
    CHECK_TRUE(file.leave_order(7, erasing).has_value());
    CHECK_TRUE(file.leave_order(8, erasing).has_value());
    LONGS_EQUAL(2, waiting().size());
    LONGS_EQUAL(7, waiting()[0].id);
    CHECK(*ledger::parse_order(waiting()[0].order) == erasing);
    CHECK_FALSE(test::value_of(file.answer_to_order(7)).has_value());

    CHECK_TRUE(file.answer_order(7, "").has_value());
    CHECK_TRUE(file.answer_order(8, "no such device").has_value());
    LONGS_EQUAL(0, waiting().size());
    STRCMP_EQUAL("", test::value_of(file.answer_to_order(7))->c_str());
    STRCMP_EQUAL("no such device", test::value_of(file.answer_to_order(8))->c_str());

    CHECK_TRUE(file.take_order_away(7).has_value());
    CHECK(file.answer_to_order(7).error().code == Errc::NotFound);
}

TEST(OrderBox, ForgetsAnswersThatNobodyCameFor) {
    CHECK_TRUE(file.leave_order(7, erasing).has_value());
    CHECK_TRUE(file.leave_order(8, erasing).has_value());
    CHECK_TRUE(file.answer_order(7, "").has_value());
    CHECK_TRUE(file.take_order_answers_away().has_value());
    CHECK_FALSE(file.answer_to_order(7).has_value());
    LONGS_EQUAL(1, waiting().size());
}
