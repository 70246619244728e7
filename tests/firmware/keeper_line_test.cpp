#include "firmware/keeper_line.h"

#include "core/ledger/order_message.h"

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <poll.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::firmware;

TEST_GROUP(KeeperLine) {
    SharedState shared;
    Channel keeper;
    std::unique_ptr<KeeperLine> line;
    ledger::Order order =
        ledger::RenameDevice{devices::DeviceId(*IpAddress::from_text("192.168.1.20")), "Tablet"};

    void connect(std::chrono::milliseconds patience) {
        auto pair = Channel::open_pair();
        CHECK(pair.has_value());
        keeper = std::move(pair->first);
        line = std::make_unique<KeeperLine>(std::move(pair->second), shared,
                                            KeeperLine::Settings{5, patience});
    }

    void all_follow(std::uint64_t generation) {
        for (RoleState& role : shared.roles) {
            role.household_seen = generation;
        }
    }

    // Passes over the other things that a web role says.
    OrderRequest next_request() const {
        while (true) {
            pollfd readable{keeper.descriptor(), POLLIN, 0};
            CHECK_EQUAL(1, ::poll(&readable, 1, 10'000));
            const auto message = *decode(*keeper.receive());
            if (const auto* const request = std::get_if<OrderRequest>(&message)) {
                return *request;
            }
        }
    }

    // Submits the order while a keeper answers it so.
    Result<void> submit_to_keeper(const std::string& failure) {
        std::jthread listening([this](const std::stop_token& stop) { line->listen(stop, {}); });
        std::jthread keeping([this, failure] {
            const auto request = next_request();
            CHECK(*ledger::parse_order(request.order) == order);
            (void)keeper.send(encode(OrderAnswer{request.id + 1, 0, "another's answer"}));
            (void)keeper.send(encode(OrderAnswer{request.id, 8, failure}));
        });
        return line->submit(order);
    }
};

TEST(KeeperLine, ReturnsOnceTheOrderIsCarriedOutAndInForce) {
    connect(std::chrono::seconds(10));
    all_follow(8);

    CHECK(submit_to_keeper("").has_value());
}

// SaysWhenTheKeeperDoesNotAnswer has the same patience with a change.
TEST(KeeperLine, WaitsLongerForAnErasure) {
    connect(std::chrono::milliseconds(0));
    all_follow(8);
    order = ledger::EraseHistory{};

    CHECK(submit_to_keeper("").has_value());
}

TEST(KeeperLine, HandsTheKeepersRefusalOn) {
    connect(std::chrono::seconds(10));

    const auto refused = submit_to_keeper("no such device");

    CHECK_FALSE(refused.has_value());
    CHECK(refused.error().code == Errc::InvalidInput);
    STRCMP_EQUAL("no such device", refused.error().message.c_str());
}

TEST(KeeperLine, SaysWhenTheKeeperDoesNotAnswer) {
    connect(std::chrono::milliseconds(20));

    const auto late = line->submit(order);

    CHECK_FALSE(late.has_value());
    STRCMP_CONTAINS("may still be made", late.error().message.c_str());
}

TEST(KeeperLine, SaysWhenARoleHasNotTakenTheChangeUp) {
    connect(std::chrono::milliseconds(300));
    all_follow(8);
    shared.of(Role::Sniffer).household_seen = 7;

    const auto pending = submit_to_keeper("");

    CHECK_FALSE(pending.has_value());
    STRCMP_CONTAINS("is stored", pending.error().message.c_str());
}

TEST(KeeperLine, DoesNotWaitForARoleThatIsNotWanted) {
    connect(std::chrono::seconds(10));
    all_follow(8);
    shared.of(Role::Gate).household_seen = 0;
    shared.of(Role::Gate).is_wanted = false;

    CHECK(submit_to_keeper("").has_value());
}

TEST(KeeperLine, SaysWhenTheKeeperIsGone) {
    connect(std::chrono::seconds(10));
    keeper = Channel();

    CHECK_FALSE(line->submit(order).has_value());
}

TEST(KeeperLine, HandsRowsOnAndPassesOverWhatIsNoMessage) {
    connect(std::chrono::seconds(10));
    CHECK(keeper.send(as_bytes("noise")) == Channel::Sent::Yes);
    CHECK(keeper.send(encode(FreshRows{{1, 2}})) == Channel::Sent::Yes);

    std::vector<std::uint8_t> rows;
    std::stop_source stop;
    line->listen(stop.get_token(), {[&](Bytes taken) {
                                        rows.assign(taken.begin(), taken.end());
                                        stop.request_stop();
                                    },
                                    {}});

    CHECK(rows == (std::vector<std::uint8_t>{1, 2}));
    CHECK(*decode(*keeper.receive()) == Message{WebBegan{}});
}

TEST(KeeperLine, HandsOnWhatWasErasedAndPassesOverWhatIsNoErasure) {
    connect(std::chrono::seconds(10));
    const ledger::Erasure erasure{std::get<ledger::RenameDevice>(order).device,
                                  Timestamp(std::chrono::hours(7)), std::nullopt};
    CHECK(keeper.send(encode(HistoryErased{{1, 2}})) == Channel::Sent::Yes);
    CHECK(keeper.send(encode(HistoryErased{ledger::encode(order)})) == Channel::Sent::Yes);
    CHECK(keeper.send(encode(HistoryErased{ledger::encode(ledger::EraseHistory{erasure})})) ==
          Channel::Sent::Yes);

    std::vector<ledger::Erasure> erased;
    std::stop_source stop;
    line->listen(stop.get_token(), {{}, [&](const ledger::Erasure& heard) {
                                        erased.push_back(heard);
                                        stop.request_stop();
                                    }});

    LONGS_EQUAL(1, erased.size());
    CHECK(erased.front() == erasure);
}

TEST(KeeperLine, StopsListeningWhenTheKeeperIsGone) {
    connect(std::chrono::seconds(10));
    keeper = Channel();

    line->listen(std::stop_token(), {});
}
