#include "capture/flow_journal.h"

#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using sporvakt::Endpoint;
using sporvakt::Timestamp;
using sporvakt::devices::DeviceId;

TEST_GROUP(FlowJournal) {
    std::vector<std::uint8_t> memory = std::vector<std::uint8_t>(FlowJournal::kBytes);

    static JournalEntry entry(std::string name) {
        JournalEntry entry;
        entry.protocol = 6;
        entry.client = *Endpoint::from_text("192.168.1.20:40000");
        entry.server = *Endpoint::from_text("[2001:db8::1]:443");
        entry.device = DeviceId(*sporvakt::MacAddress::from_text("3c:22:fb:12:34:01"));
        entry.name = std::move(name);
        entry.source = sporvakt::ledger::NameSource::Quic;
        entry.counted = true;
        entry.last_seen = Timestamp(std::chrono::milliseconds(1'795'296'845'837));
        return entry;
    }

    std::vector<JournalEntry> loaded() {
        std::vector<JournalEntry> entries;
        FlowJournal(memory).load(
            [&](FlowJournal::Slot, JournalEntry found) { entries.push_back(std::move(found)); });
        return entries;
    }
};

TEST(FlowJournal, IsEmptyInFreshMemory) {
    CHECK_TRUE(loaded().empty());
}

TEST(FlowJournal, GivesBackWhatAnEarlierProcessPutIn) {
    FlowJournal(memory).put(entry("pixel.tracker.com"));

    LONGS_EQUAL(1, loaded().size());
    CHECK_TRUE(loaded()[0] == entry("pixel.tracker.com"));
}

TEST(FlowJournal, ForgetsWhatWasErased) {
    FlowJournal journal(memory);
    const auto first = journal.put(entry("first.example"));
    journal.put(entry("second.example"));
    journal.erase(*first);

    LONGS_EQUAL(1, loaded().size());
    STRCMP_EQUAL("second.example", loaded()[0].name.c_str());
}

TEST(FlowJournal, UpdatesInPlace) {
    FlowJournal journal(memory);
    const auto slot = journal.put(entry("long-name-that-gets-shorter.example"));
    auto changed = entry("short.example");
    changed.counted = false;
    journal.update(*slot, changed);

    LONGS_EQUAL(1, loaded().size());
    CHECK_TRUE(loaded()[0] == changed);
}

TEST(FlowJournal, SaysWhenItIsFullAndTakesMoreOnceOneIsErased) {
    FlowJournal journal(memory);
    for (std::size_t i = 0; i < FlowJournal::kEntriesMax; ++i) {
        CHECK_TRUE(journal.put(entry("flood.example")).has_value());
    }
    CHECK_FALSE(journal.put(entry("one-more.example")).has_value());

    journal.erase(7);
    LONGS_EQUAL(7, *journal.put(entry("one-more.example")));
}

TEST(FlowJournal, IgnoresAnEntryWithAnyByteChanged) {
    FlowJournal(memory).put(entry("a.example"));
    const auto good = memory;
    const std::size_t used = 8 + 3 + 19 + 19 + 17 + 8 + 1 + 9;
    for (std::size_t at = 0; at < used; ++at) {
        memory = good;
        memory[at] ^= 0x41U;
        CHECK_TRUE(loaded().empty());
    }
}

TEST(FlowJournal, SurvivesMemoryFullOfRubbish) {
    std::uint32_t state = 1;
    for (auto& byte : memory) {
        state = state * 1664525U + 1013904223U;
        byte = static_cast<std::uint8_t>(state >> 24U);
    }

    CHECK_TRUE(loaded().empty());
    CHECK_TRUE(FlowJournal(memory).put(entry("a.example")).has_value());
}
