// What an erasure of a large ledger costs: how long the keeper stands still for it.
//
//     erase_bench [FOLDER] [ROWS]
//
// The folder should be on a disk like the appliance's.

#include "core/ledger/ledger.h"
#include "core/ledger/ledger_file.h"
#include "tests/support/ledger_builder.h"

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/core.h>

using namespace sporvakt;

namespace {

constexpr int kDevices = 20;
constexpr int kNames = 250;  // of each device, each hour

void fill_hour(test::LedgerBuilder& keeper, int hour) {
    keeper.set_now(test::minute(60 * hour));
    for (int device = 0; device < kDevices; ++device) {
        std::vector<ledger::Sighting> sightings;  // of one batch
        for (int name = 0; name < kNames; ++name) {
            sightings.push_back(test::SightingBuilder()
                                    .at(test::minute(60 * hour))
                                    .by(static_cast<std::uint8_t>(device))
                                    .name(fmt::format("collector-{}.tracker.example", name))
                                    .build());
        }
        keeper.add(std::move(sightings));
    }
    keeper.commit();
}

void erase(test::LedgerBuilder& keeper, const char* what, const ledger::Erasure& erasure) {
    const auto begin = std::chrono::steady_clock::now();
    const auto done = keeper.ledger().erase(erasure, test::minute(60 * 24 * 10));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    fmt::print("{:<12}{:8.2f} s  {}\n", what, took.count(),
               done ? "" : done.error().message.c_str());
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv, argv + argc);
    if (arguments.size() > 1) {
        setenv("TMPDIR", arguments[1].c_str(), 1);  // NOLINT(concurrency-mt-unsafe): no threads yet
    }
    const int rows = arguments.size() > 2 ? std::stoi(arguments[2]) : 500'000;
    ledger::Ledger::Options options;
    options.retention.detailed = std::chrono::hours(24 * 365);
    test::LedgerBuilder keeper(options);
    for (int hour = 0; hour * kDevices * kNames < rows; ++hour) {
        fill_hour(keeper, hour);
    }
    {
        const auto read = test::value_of(keeper.environment().begin_read());
        const store::Table contacts = keeper.environment().table(ledger::kContactsTable);
        fmt::print("{} rows, {:.1f} MB of them, file {:.1f} MB\n", *read.count(contacts),
                   static_cast<double>(*read.bytes_in(contacts)) / 1e6,
                   static_cast<double>(keeper.environment().used_bytes()) / 1e6);
    }
    erase(keeper, "a device", {test::device(1), std::nullopt, std::nullopt});
    erase(keeper, "an hour", {std::nullopt, test::minute(60), test::minute(120)});
    erase(keeper, "everything", {});
    return 0;
}
