#include "core/base/snapshot.h"

#include <memory>

#include <CppUTest/TestHarness.h>

using sporvakt::Snapshot;

TEST_GROUP(Snapshot){};

TEST(Snapshot, GivesTheNewestValueAndLetsReadersKeepTheirs) {
    Snapshot<int> number(std::make_shared<const int>(1));
    const auto kept = number.get();

    number.publish(std::make_shared<const int>(2));

    LONGS_EQUAL(1, *kept);
    LONGS_EQUAL(2, *number.get());
}
