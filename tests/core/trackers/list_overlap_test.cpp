#include "core/trackers/list_overlap.h"

#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::trackers::ListOverlap;
using sporvakt::trackers::ListReport;
using sporvakt::trackers::SharedNames;

using Numbers = std::vector<std::uint16_t>;

TEST_GROUP(ListOverlaps){
    static ListReport told(const ListOverlap& overlap, std::uint16_t list){ListReport report;
overlap.tell(list, report);
return report;
}
}
;

TEST(ListOverlaps, TellsWhatAListHasAloneAndWithWhomItSharesMost) {
    ListOverlap overlap(5);
    overlap.add(Numbers{0});
    overlap.add(Numbers{0, 1});
    overlap.add(Numbers{0, 2});
    overlap.add(Numbers{0, 1, 2, 3});
    overlap.add(Numbers{2, 3});

    const ListReport first = told(overlap, 0);
    LONGS_EQUAL(4, first.names);
    LONGS_EQUAL(1, first.only_here);
    CHECK(first.shared == (std::vector<SharedNames>{{1, 2}, {2, 2}, {3, 1}}));
    const ListReport second = told(overlap, 1);
    LONGS_EQUAL(2, second.names);
    LONGS_EQUAL(0, second.only_here);
    const ListReport nobody = told(overlap, 4);
    LONGS_EQUAL(0, nobody.names);
    CHECK(nobody.shared.empty());
}

TEST(ListOverlaps, TellsNoMoreThanItSays) {
    ListOverlap overlap(10);
    overlap.add(Numbers{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
    overlap.add(Numbers{0, 9});
    const ListReport report = told(overlap, 0);
    LONGS_EQUAL(ListOverlap::kToldMax, report.shared.size());
    CHECK(report.shared.front() == (SharedNames{9, 2}));
}

TEST(ListOverlaps, MoreListsThanAreComparedAreStillCounted) {
    ListOverlap overlap(60'000);
    overlap.add(Numbers{1, 59'999});
    overlap.add(Numbers{59'999});
    LONGS_EQUAL(2, told(overlap, 59'999).names);
    LONGS_EQUAL(1, told(overlap, 59'999).only_here);
    CHECK(told(overlap, 59'999).shared.empty());
    LONGS_EQUAL(0, told(overlap, 1).only_here);
}
