#include "firmware/sender.h"

#include "core/ledger/batch.h"

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::firmware;

TEST_GROUP(Sender) {
    static constexpr std::uint64_t kId = 77;
    RoleState state;
    Channel keeper;
    std::unique_ptr<Sender> sender;

    void setup() override {
        auto pair = Channel::open_pair();
        CHECK(pair.has_value());
        keeper = std::move(pair->first);
        sender = std::make_unique<Sender>(std::move(pair->second), state, kId);
    }

    void see(const std::string& name) const {
        ledger::Sighting sighting;
        sighting.at = sighting.last = Timestamp(std::chrono::hours(24 * 365 * 50));
        sighting.device = devices::DeviceId(*IpAddress::from_text("192.168.1.20"));
        sighting.name = name;
        sighting.attempts = 1;
        sender->record(sighting);
    }

    void send() const {
        sender->seal();
        sender->exchange();
    }

    void tell(const Message& message) const {
        CHECK(keeper.send(encode(message)) == Channel::Sent::Yes);
    }

    std::vector<Message> heard() const {
        std::vector<Message> messages;
        while (const auto bytes = keeper.receive()) {
            messages.push_back(*decode(*bytes));
        }
        return messages;
    }

    std::vector<ledger::Batch> batches_heard() const {
        std::vector<ledger::Batch> batches;
        for (const Message& message : heard()) {
            if (const auto* const batch = std::get_if<BatchMessage>(&message)) {
                batches.push_back(*ledger::parse_batch(batch->batch));
            }
        }
        return batches;
    }
};

TEST(Sender, GreetsOnce) {
    send();
    send();

    CHECK(heard() == std::vector<Message>{Hello{}});
}

TEST(Sender, SendsWhatWasAddedUpInANumberedBatch) {
    see("tracker.example");
    see("tracker.example");
    send();
    see("other.example");
    send();

    const auto batches = batches_heard();
    LONGS_EQUAL(2, batches.size());
    LONGS_EQUAL(kId, batches[0].sender);
    LONGS_EQUAL(1, batches[0].number);
    LONGS_EQUAL(1, batches[0].sightings.size());
    LONGS_EQUAL(2, batches[0].sightings[0].attempts);
    LONGS_EQUAL(2, batches[1].number);
}

TEST(Sender, SendsAgainToAKeeperThatBeginsWhatItHadNotCommitted) {
    see("a.example");
    send();
    see("b.example");
    send();
    (void)heard();

    tell(Committed{kId, 1});
    tell(KeeperBegan{});
    sender->exchange();

    const auto batches = batches_heard();
    LONGS_EQUAL(1, batches.size());
    LONGS_EQUAL(2, batches[0].number);
}

TEST(Sender, SendsAgainWhatTheKeeperMisses) {
    see("a.example");
    send();
    (void)heard();

    tell(SendAgain{kId, 0});
    sender->exchange();

    LONGS_EQUAL(1, batches_heard().size());
}

TEST(Sender, PassesOverWordsToTheSenderBeforeIt) {
    see("a.example");
    send();
    (void)heard();

    tell(Committed{kId + 1, 9});
    tell(SendAgain{kId + 1, 0});
    tell(KeeperBegan{});
    sender->exchange();

    LONGS_EQUAL(1, batches_heard().size());
}

TEST(Sender, SendsAllThatItHasWhenItStops) {
    std::jthread running([this](const std::stop_token& stop) { sender->run(stop); });
    see("last.example");
    running.request_stop();
    running.join();

    const auto batches = batches_heard();
    LONGS_EQUAL(1, batches.size());
    STRCMP_EQUAL("last.example", batches[0].sightings[0].name.c_str());
}

TEST(Sender, SendsAgainToAKeeperThatBeginsWhileItStops) {
    see("committed-by-nobody.example");
    send();
    static_cast<void>(heard());  // by a keeper that is killed then
    see("last.example");
    std::jthread stopping([this] {
        std::stop_source stop;
        stop.request_stop();
        sender->run(stop.get_token());
    });
    while (batches_heard().empty()) {
        std::this_thread::yield();
    }
    tell(KeeperBegan{});
    stopping.join();

    LONGS_EQUAL(2, batches_heard().size());
}

TEST(Sender, WaitsForRoomInTheChannelAndLosesNothing) {
    constexpr std::uint64_t kRounds = 300;
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        for (int name = 0; name < 40; ++name) {
            see("a-name-long-enough-to-fill-the-channel-" + std::to_string(name) + ".example");
        }
        send();
    }
    CHECK_FALSE(sender->has_sent_all());

    std::uint64_t attempts = 0;
    while (true) {
        const auto batches = batches_heard();
        if (batches.empty()) {
            break;
        }
        for (const ledger::Batch& batch : batches) {
            for (const ledger::Sighting& sighting : batch.sightings) {
                attempts += sighting.attempts;
            }
        }
        sender->exchange();
    }

    LONGS_EQUAL(kRounds * 40, attempts);
    LONGS_EQUAL(0, state.dropped.load());
}

TEST(Sender, ShowsWhatItHadToDrop) {
    for (int name = 0; name < 10'000; ++name) {
        see(std::to_string(name) + ".example");
    }
    send();

    CHECK(state.dropped > 0);
}
