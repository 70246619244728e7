#include "core/ledger/outbox.h"

#include "tests/support/sighting_builder.h"

#include <set>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::ledger;
using test::SightingBuilder;

TEST_GROUP(Outbox) {
    Outbox outbox{77};

    static Tally::Content one(const char* name) {
        Tally::Content content;
        content.sightings.push_back(SightingBuilder().name(name).build());
        return content;
    }

    /// Sends everything; the numbers that went out.
    std::vector<std::uint64_t> send_all() {
        std::vector<std::uint64_t> numbers;
        while (const auto* message = outbox.next()) {
            numbers.push_back(parse_batch(*message)->number);
            outbox.mark_sent();
        }
        return numbers;
    }
};

TEST(Outbox, NumbersBatchesFromOne) {
    outbox.seal(one("a.example"));
    outbox.seal(one("b.example"));

    CHECK((send_all() == std::vector<std::uint64_t>{1, 2}));
    CHECK(outbox.next() == nullptr);
}

TEST(Outbox, MakesNoBatchOfNothing) {
    outbox.seal({});

    CHECK(outbox.next() == nullptr);
    LONGS_EQUAL(0, outbox.last_number());
}

TEST(Outbox, SendsAgainWhatIsNotCommitted) {
    for (int i = 0; i < 4; ++i) {
        outbox.seal(one("a.example"));
    }
    send_all();
    outbox.send_again_after(2);

    CHECK((send_all() == std::vector<std::uint64_t>{3, 4}));
}

TEST(Outbox, KeepsABatchUntilItIsCommitted) {
    outbox.seal(one("a.example"));
    outbox.seal(one("b.example"));
    send_all();
    LONGS_EQUAL(2, outbox.kept());

    outbox.forget_up_to(1);
    LONGS_EQUAL(1, outbox.kept());
    CHECK((send_all().empty()));
}

TEST(Outbox, ACommitOfMoreThanItHasLeavesItEmptyAndCounting) {
    outbox.seal(one("a.example"));
    outbox.forget_up_to(1000);

    LONGS_EQUAL(0, outbox.kept());
    outbox.seal(one("b.example"));
    CHECK((send_all() == std::vector<std::uint64_t>{2}));
}

TEST(Outbox, SaysWhichIsTheOldestAtTheTimeOfSending) {
    outbox.seal(one("a.example"));
    outbox.seal(one("b.example"));
    LONGS_EQUAL(1, parse_batch(*outbox.next())->oldest);

    outbox.forget_up_to(1);
    LONGS_EQUAL(2, parse_batch(*outbox.next())->oldest);
}

TEST(Outbox, SplitsWhatDoesNotFitOneMessageAndLosesNothing) {
    Tally::Content content;
    for (int i = 0; i < 5000; ++i) {
        content.sightings.push_back(
            SightingBuilder().name("n" + std::to_string(i) + ".example").build());
        devices::DeviceClue clue;
        clue.device = test::device(1);
        clue.host_name = std::to_string(i);
        content.clues.push_back(clue);
    }
    outbox.seal(std::move(content));

    std::set<std::string> names;
    std::set<std::string> hosts;
    std::uint64_t number = 0;
    while (const auto* message = outbox.next()) {
        CHECK(message->size() <= kBatchBytesMax);
        const auto batch = parse_batch(*message);
        LONGS_EQUAL(++number, batch->number);
        for (const Sighting& sighting : batch->sightings) {
            names.insert(sighting.name);
        }
        for (const devices::DeviceClue& clue : batch->clues) {
            hosts.insert(clue.host_name);
        }
        outbox.mark_sent();
    }
    CHECK(number > 1);
    LONGS_EQUAL(5000, names.size());
    LONGS_EQUAL(5000, hosts.size());
}

TEST(Outbox, SaysWhenTooMuchWaits) {
    Outbox small(1, 100);
    CHECK_FALSE(small.is_full());
    small.seal(one("a.example"));
    CHECK_TRUE(small.is_full());

    small.forget_up_to(1);
    CHECK_FALSE(small.is_full());
}

TEST(Outbox, TellsWhatWasDropped) {
    Tally::Content content = one("a.example");
    content.dropped = 9;
    outbox.seal(std::move(content));

    LONGS_EQUAL(9, parse_batch(*outbox.next())->dropped);
    LONGS_EQUAL(77, parse_batch(*outbox.next())->sender);
}
