#include "firmware/keeper.h"

#include "core/ledger/ledger_file.h"
#include "core/ledger/live_rows.h"
#include "core/ledger/order_message.h"
#include "core/ledger/stored_reports.h"
#include "firmware/sender.h"
#include "tests/support/hand_clock.h"
#include "tests/support/temporary_folder.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::firmware;

namespace {

// The ends of a line; the supervisor keeps both while roles come and go.
struct Line {
    Channel keeper;
    Channel other;
};

Line open_line() {
    auto pair = Channel::open_pair();
    CHECK(pair.has_value());
    return {std::move(pair->first), std::move(pair->second)};
}

}  // namespace

TEST_GROUP(Keeper) {
    test::TemporaryFolder folder;
    test::HandClock clock;
    SharedState shared;
    Line resolver = open_line();
    Line web = open_line();
    std::shared_ptr<store::Environment> file;
    std::unique_ptr<ledger::Ledger> ledger;
    std::unique_ptr<HouseholdFile> household;
    std::unique_ptr<DeviceBook> devices;
    std::unique_ptr<Keeper> keeper;
    std::unique_ptr<Sender> sender;
    const devices::DeviceId tablet{*IpAddress::from_text("192.168.1.20")};

    void setup() override {
        start_keeper();
        start_sender(1);
    }

    void start_keeper() {
        file = *ledger::open_ledger_file(folder.file("ledger.mdb"), store::Access::ReadWrite);
        ledger = *ledger::Ledger::open(file, {});
        household = std::make_unique<HouseholdFile>(
            *HouseholdFile::open(folder.path(), store::Access::ReadWrite));
        devices = std::make_unique<DeviceBook>(devices::Registry(nullptr));
        CHECK(devices->load(*household).has_value());
        Keeper::Lines lines;
        lines.senders.push_back(*resolver.keeper.duplicate());
        lines.web = *web.keeper.duplicate();
        keeper = std::make_unique<Keeper>(
            Keeper::Parts{*ledger, *household, *devices, shared, clock}, std::move(lines),
            Keeper::Settings{std::chrono::seconds(30), std::chrono::milliseconds(500)});
        keeper->greet();
    }

    // What is not committed goes with it.
    void kill_keeper() {
        keeper.reset();
        devices.reset();
        household.reset();
        ledger.reset();
        file.reset();
    }

    void start_sender(std::uint64_t id) {
        sender =
            std::make_unique<Sender>(*resolver.other.duplicate(), shared.of(Role::Resolver), id);
    }

    void see(const std::string& name) const {
        ledger::Sighting sighting;
        sighting.at = sighting.last = clock.now();
        sighting.device = tablet;
        sighting.name = name;
        sighting.attempts = 1;
        sender->record(sighting);
        sender->seal();
        sender->exchange();
    }

    void exchange() const {
        keeper->read_lines();
        keeper->tick();
        sender->exchange();
    }

    std::uint64_t committed_attempts() const {
        ledger::LiveRows none;
        const ledger::StoredReports reports(file, none);
        ledger::Filter all;
        all.to = clock.now() + std::chrono::hours(1);
        return reports.totals(all)->prevented_attempts;
    }

    // What the page shows: the file and the rows that the keeper told of.
    std::uint64_t shown_attempts(ledger::LiveRows & live) const {
        while (const auto bytes = web.other.receive()) {
            const auto message = *decode(*bytes);
            if (const auto* const fresh = std::get_if<FreshRows>(&message)) {
                CHECK(live.apply(fresh->rows).has_value());
            }
        }
        const ledger::StoredReports reports(file, live);
        ledger::Filter all;
        all.to = clock.now() + std::chrono::hours(1);
        return reports.totals(all)->prevented_attempts;
    }

    OrderAnswer order(const ledger::Order& wanted) const {
        CHECK(web.other.send(encode(OrderRequest{5, ledger::encode(wanted)})) ==
              Channel::Sent::Yes);
        keeper->read_lines();
        OrderAnswer answer;
        while (const auto bytes = web.other.receive()) {
            const auto message = *decode(*bytes);
            if (const auto* const said = std::get_if<OrderAnswer>(&message)) {
                answer = *said;
            }
        }
        LONGS_EQUAL(5, answer.id);
        return answer;
    }

    OrderAnswer change(const std::vector<policy::HouseholdChange>& changes) const {
        return order(ledger::ChangePolicy{policy::encode(changes)});
    }
};

TEST(Keeper, TellsEverybodyWhatSomebodyElseChangedInTheHousehold) {
    exchange();
    const std::uint64_t generation = shared.household;
    exchange();
    LONGS_EQUAL(generation, shared.household);
    CHECK(household
              ->change([](HouseholdFile::Tables tables) {
                  return tables.household.change(tables.transaction,
                                                 policy::SetGroup{{"guests", "Guests"}});
              })
              .has_value());
    exchange();
    CHECK(shared.household > generation);
}

TEST(Keeper, TellsEverybodyWhatWasChangedWhileNoKeeperLived) {
    exchange();
    const std::uint64_t generation = shared.household;
    kill_keeper();
    {
        auto beside = *HouseholdFile::open(folder.path(), store::Access::ReadWrite);
        const std::vector<policy::HouseholdChange> changes{policy::SetGroup{{"guests", "Guests"}}};
        CHECK(beside.change(changes).has_value());
    }
    start_keeper();
    exchange();
    CHECK(shared.household > generation);
}

TEST(Keeper, MakesSafeWhatItCountedAfterItsInterval) {
    see("tracker.example");
    exchange();

    clock.turn(std::chrono::seconds(30));
    exchange();
    kill_keeper();
    start_sender(2);  // and nobody sends it again
    start_keeper();
    CHECK(keeper->commit().has_value());

    LONGS_EQUAL(1, committed_attempts());
}

TEST(Keeper, CommitsAllThatIsInTheLinesWhenItStops) {
    see("a.example");
    see("b.example");
    std::stop_source stop;
    stop.request_stop();

    CHECK(keeper->run(stop.get_token()).has_value());

    LONGS_EQUAL(2, committed_attempts());
}

TEST(Keeper, LosesNothingAndCountsNothingTwiceWhenItIsKilled) {
    see("a.example");
    exchange();
    CHECK(keeper->commit().has_value());
    see("b.example");
    exchange();        // counted, not committed
    see("c.example");  // in the line, not read

    kill_keeper();
    see("d.example");
    start_keeper();
    exchange();
    exchange();
    CHECK(keeper->commit().has_value());

    LONGS_EQUAL(4, committed_attempts());
}

TEST(Keeper, LosesNothingThatASenderSentBeforeItWasKilled) {
    see("a.example");
    exchange();
    see("b.example");  // in the line

    start_sender(2);
    see("c.example");
    exchange();
    kill_keeper();  // and nobody is left to send the first two again
    start_keeper();
    exchange();
    exchange();
    CHECK(keeper->commit().has_value());

    LONGS_EQUAL(3, committed_attempts());
}

TEST(Keeper, ForgetsNothingWhileItIsAway) {
    kill_keeper();
    for (int name = 0; name < 2'000; ++name) {
        see(std::to_string(name) + ".example");
    }

    start_keeper();
    for (int round = 0; round < 50; ++round) {
        exchange();
    }
    CHECK(keeper->commit().has_value());

    LONGS_EQUAL(2'000, committed_attempts() + shared.of(Role::Resolver).dropped);
}

TEST(Keeper, KnowsTheDeviceOfEverySighting) {
    const std::uint64_t generation = shared.household;
    see("tracker.example");
    exchange();

    const auto stored = household->devices();
    LONGS_EQUAL(1, stored->size());
    CHECK(stored->front().id == tablet);
    CHECK(shared.household > generation);
}

TEST(Keeper, ShowsThePageWhatIsNotCommitted) {
    ledger::LiveRows live;
    see("a.example");
    exchange();
    LONGS_EQUAL(1, shown_attempts(live));

    see("a.example");
    exchange();
    LONGS_EQUAL(1, shown_attempts(live));  // not so soon again
    clock.turn(std::chrono::milliseconds(500));
    exchange();
    LONGS_EQUAL(2, shown_attempts(live));

    CHECK(keeper->commit().has_value());
    LONGS_EQUAL(2, shown_attempts(live));
}

TEST(Keeper, ShowsAPageThatBeginsAllThatIsNotCommitted) {
    ledger::LiveRows before;
    see("a.example");
    exchange();
    LONGS_EQUAL(1, shown_attempts(before));

    ledger::LiveRows live;
    CHECK(web.other.send(encode(WebBegan{})) == Channel::Sent::Yes);
    clock.turn(std::chrono::milliseconds(500));
    exchange();

    LONGS_EQUAL(1, shown_attempts(live));
}

TEST(Keeper, ShowsAPageThatWasAwayForLongTheSameAgain) {
    while (web.keeper.send(encode(FreshRows{std::vector<std::uint8_t>(60'000)})) ==
           Channel::Sent::Yes) {
    }
    see("a.example");
    exchange();  // does not fit any more
    while (web.other.receive()) {
    }

    ledger::LiveRows live;
    clock.turn(std::chrono::milliseconds(500));
    exchange();

    LONGS_EQUAL(1, shown_attempts(live));
}

TEST(Keeper, RenamesADeviceAtOnce) {
    see("tracker.example");
    exchange();
    const std::uint64_t generation = shared.household;

    const OrderAnswer answer = order(ledger::RenameDevice{tablet, "Tablet"});

    STRCMP_EQUAL("", answer.failure.c_str());
    LONGS_EQUAL(generation + 1, answer.generation);
    CHECK(shared.household == answer.generation);
    STRCMP_EQUAL("Tablet", household->devices()->front().given_name.c_str());
}

TEST(Keeper, RefusesToRenameADeviceThatNobodyKnows) {
    const std::uint64_t generation = shared.household;

    const OrderAnswer answer = order(ledger::RenameDevice{tablet, "Tablet"});

    CHECK(!answer.failure.empty());
    CHECK(shared.household == generation);
}

TEST(Keeper, StoresRulesAndThePassword) {
    using policy::HouseholdRule;
    CHECK(change({policy::SetRule{{}, {"a.example", HouseholdRule::Block}},
                  policy::SetRule{{}, {"b.example", HouseholdRule::Allow}}})
              .failure.empty());
    CHECK(order(ledger::SetPasswordHash{"$argon2id$x"}).failure.empty());
    LONGS_EQUAL(2, household->rules()->rules.size());
    STRCMP_EQUAL("$argon2id$x", household->password_hash()->value().c_str());

    CHECK(change({policy::RemoveRule{{}, policy::RuleForm::WithSubdomains, "a.example"}})
              .failure.empty());
    LONGS_EQUAL(1, household->rules()->rules.size());
    CHECK(household->rules()->rules[0] == policy::OwnRule({"b.example", HouseholdRule::Allow}));
}

TEST(Keeper, MakesAllOfAPolicysChangesOrNone) {
    const auto generation = shared.household.load();
    const auto answer = change({policy::SetGroup{{"children", "The children"}},
                                policy::SetRule{"nobody", {"a.example", {}}}});

    STRCMP_EQUAL("there is no group 'nobody'", answer.failure.c_str());
    CHECK(household->rules()->groups.empty());
    CHECK(shared.household == generation);
    CHECK_FALSE(order(ledger::ChangePolicy{{99}}).failure.empty());
}

TEST(Keeper, PutsADeviceInAGroupThatIsThere) {
    see("a.example");
    exchange();
    CHECK_FALSE(order(ledger::PutDeviceInGroup{tablet, "children"}).failure.empty());
    CHECK(change({policy::SetGroup{{"children", "The children"}}}).failure.empty());
    CHECK(order(ledger::PutDeviceInGroup{tablet, "children"}).failure.empty());
    STRCMP_EQUAL("children", household->devices()->at(0).group.c_str());
}

// docs/privacy.md has a table of what there may be.
TEST(Keeper, LeavesNoFileThatTheDocumentationDoesNotName) {
    see("tracker.example");
    exchange();
    CHECK(keeper->secure().has_value());
    CHECK(keeper->commit().has_value());
    std::ifstream page(std::string(SPORVAKT_SOURCE_DIR) + "/docs/privacy.md");
    const std::string text{std::istreambuf_iterator<char>(page), {}};
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
        const std::string named = "`" + entry.path().filename().string() + "`";
        CHECK_TEXT(text.find(named) != std::string::npos, named.c_str());
        ++files;
    }
    CHECK(files >= 3);
}

TEST(Keeper, WritesNoNameOfAWebsiteThatOnlyTheHouseholdStops) {
    see("tracker.example");
    ledger::Sighting visit;
    visit.at = visit.last = clock.now();
    visit.device = tablet;
    visit.name = "church.example";
    visit.rule = "church.example";
    visit.cause = ledger::Cause::Household;
    visit.attempts = 1;
    sender->record(visit);
    sender->seal();
    sender->exchange();
    exchange();
    const auto is_on_disk = [this](const std::string& name) {
        std::string bytes;
        for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
            std::ifstream stream(entry.path(), std::ios::binary);
            bytes.append(std::istreambuf_iterator<char>(stream), {});
        }
        return bytes.find(name) != std::string::npos;
    };
    CHECK(keeper->secure().has_value());
    CHECK(is_on_disk("tracker.example"));
    CHECK_FALSE(is_on_disk("church"));
    CHECK(keeper->commit().has_value());
    CHECK(is_on_disk("tracker.example"));
    CHECK_FALSE(is_on_disk("church"));
    LONGS_EQUAL(2, committed_attempts());  // counted it is
}

TEST(Keeper, ErasesADevicesHistoryAndThenTheDevice) {
    see("secret.example");
    exchange();
    CHECK(keeper->commit().has_value());
    LONGS_EQUAL(1, committed_attempts());
    LONGS_EQUAL(1, household->devices()->size());
    const auto order = [this](const ledger::Order& wanted) {
        CHECK(web.other.send(encode(OrderRequest{7, ledger::encode(wanted)})) ==
              Channel::Sent::Yes);
        keeper->read_lines();
    };
    order(ledger::EraseHistory{{tablet, std::nullopt, std::nullopt}});
    LONGS_EQUAL(0, committed_attempts());
    LONGS_EQUAL(1, household->devices()->size());
    see("secret.example");
    exchange();
    order(ledger::ForgetDevice{tablet});
    LONGS_EQUAL(0, committed_attempts());
    LONGS_EQUAL(0, household->devices()->size());
    for (const char* const name : {"ledger.mdb", "ledger.mdb-journal", "household.mdb"}) {
        std::ifstream stream(folder.file(name), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
        CHECK_TEXT(bytes.find("secret") == std::string::npos, name);
    }
    see("later.example");  // a new device
    exchange();
    CHECK(keeper->commit().has_value());
    LONGS_EQUAL(1, committed_attempts());
    LONGS_EQUAL(1, household->devices()->size());
}

TEST(Keeper, TellsTheWebRoleOfAnErasureBeforeItAnswers) {
    const ledger::EraseHistory erasing{{tablet, std::nullopt, clock.now()}};
    CHECK(web.other.send(encode(OrderRequest{7, ledger::encode(erasing)})) == Channel::Sent::Yes);
    keeper->read_lines();

    CHECK(*decode(*web.other.receive()) == Message{HistoryErased{ledger::encode(erasing)}});
    CHECK(std::holds_alternative<OrderAnswer>(*decode(*web.other.receive())));
}

TEST(Keeper, CarriesOutOrdersThatWereLeftForIt) {
    see("secret.example");
    exchange();
    CHECK(keeper->commit().has_value());
    while (web.other.receive()) {
    }
    const ledger::EraseHistory erasing{{tablet, std::nullopt, std::nullopt}};
    CHECK(household->leave_order(7, erasing).has_value());
    CHECK(household->leave_order(8, ledger::RenameDevice{{}, "nobody"}).has_value());
    keeper->tick();

    LONGS_EQUAL(0, committed_attempts());
    STRCMP_EQUAL("", household->answer_to_order(7)->value().c_str());
    CHECK_FALSE(household->answer_to_order(8)->value().empty());
    CHECK(*decode(*web.other.receive()) == Message{HistoryErased{ledger::encode(erasing)}});
}

TEST(Keeper, CarriesOutAnOrderThatWasLeftWhileItWasDead) {
    see("secret.example");
    exchange();
    CHECK(keeper->commit().has_value());
    CHECK(household->leave_order(7, ledger::EraseHistory{}).has_value());
    kill_keeper();
    start_keeper();
    keeper->tick();

    LONGS_EQUAL(0, committed_attempts());
    CHECK(household->answer_to_order(7)->has_value());
    kill_keeper();
    start_keeper();  // nobody came for the answer
    CHECK_FALSE(household->answer_to_order(7).has_value());
}

TEST(Keeper, ForgetsWhatASenderHeldBackWhenItWasErased) {
    see("before.example");  // the sender's next batch is not read before the order
    clock.turn(std::chrono::milliseconds(1));
    CHECK(web.other.send(encode(OrderRequest{7, ledger::encode(ledger::EraseHistory{})})) ==
          Channel::Sent::Yes);
    auto held_back = resolver.keeper.receive();
    CHECK(held_back.has_value());
    keeper->read_lines();
    CHECK(resolver.other.send(*held_back) == Channel::Sent::Yes);
    see("after.example");
    exchange();
    CHECK(keeper->commit().has_value());

    LONGS_EQUAL(1, committed_attempts());
    CHECK_EQUAL(2, ledger->applied(1));  // the empty batch counts as taken
}

TEST(Keeper, PassesOverWhatMakesNoSense) {
    CHECK(resolver.other.send(as_bytes("noise")) == Channel::Sent::Yes);
    CHECK(resolver.other.send(encode(BatchMessage{{1, 2, 3}})) == Channel::Sent::Yes);
    CHECK(resolver.other.send(encode(OrderRequest{1, {}})) == Channel::Sent::Yes);
    CHECK(web.other.send(encode(BatchMessage{{1, 2, 3}})) == Channel::Sent::Yes);
    see("a.example");

    exchange();
    CHECK(keeper->commit().has_value());

    LONGS_EQUAL(1, committed_attempts());
}
