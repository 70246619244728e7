// What a day in a home costs: bytes written to the disk, size of the file, time of reports.
//
//     ledger_bench [FOLDER] [DAYS] [SECURE_SECONDS]
//
// The folder must be on a real disk: the kernel counts no writes to a tmpfs.

#include "core/ledger/ledger.h"
#include "core/ledger/ledger_file.h"
#include "core/ledger/stored_reports.h"
#include "tests/support/ledger_builder.h"

#include <array>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>

#include <fmt/core.h>

using namespace sporvakt;

namespace {

constexpr int kDevices = 20;
constexpr int kNamesPerDevice = 120;
constexpr double kSightingsPerDay = 30'000;  // of 50,000 queries and their flows, trackers only
constexpr int kWakingHour = 6;
constexpr int kSleepingHour = 23;

std::uint64_t bytes_written() {
    std::ifstream counters("/proc/self/io");
    std::string word;
    std::uint64_t value = 0;
    while (counters >> word >> value) {
        if (word == "write_bytes:") {
            return value;
        }
    }
    return 0;
}

/// A few names are met all the time, most now and then.
ledger::Sighting any_sighting(std::mt19937& random, Timestamp at) {
    std::uniform_real_distribution<double> share(0.0, 1.0);
    const auto device = static_cast<std::uint8_t>(random() % kDevices);
    const int rank = static_cast<int>(std::pow(kNamesPerDevice, share(random)));
    test::SightingBuilder builder;
    builder.at(at)
        .by(device)
        .name(fmt::format("collector-{}.tracker-{}.example", rank, rank % 40))
        .company(static_cast<std::uint32_t>(rank % 40));
    if (random() % 3 == 0) {
        builder.leaked(1500, 20'000);
    }
    return builder.build();
}

void live_a_day(test::LedgerBuilder& keeper, Timestamp day, int secure_seconds) {
    std::mt19937 random(static_cast<unsigned>(day.time_since_epoch().count() / 1000));
    const double per_second = kSightingsPerDay / ((kSleepingHour - kWakingHour) * 3600.0);
    std::poisson_distribution<int> arrivals(per_second * secure_seconds);
    for (int second = 0; second < 24 * 3600; second += secure_seconds) {
        const Timestamp now = day + std::chrono::seconds(second);
        const int hour = second / 3600;
        const bool is_awake = hour >= kWakingHour && hour < kSleepingHour;
        std::vector<ledger::Sighting> sightings;
        const int count = is_awake ? arrivals(random) : static_cast<int>(random() % 20 == 0);
        for (int i = 0; i < count; ++i) {
            sightings.push_back(any_sighting(random, now));
        }
        keeper.set_now(now);
        if (!sightings.empty()) {
            keeper.add(std::move(sightings));
        }
        keeper.secure();
    }
    keeper.commit();
}

void time_reports(const test::LedgerBuilder& keeper, Timestamp end) {
    const auto measure = [](const char* what, auto work) {
        const auto begin = std::chrono::steady_clock::now();
        work();
        const std::chrono::duration<double, std::milli> took =
            std::chrono::steady_clock::now() - begin;
        fmt::print("{:<28}{:8.1f} ms\n", what, took.count());
    };
    ledger::Filter day;
    day.from = end - std::chrono::hours(24);
    day.to = end;
    const ledger::Filter all = test::everything();
    const auto& reports = keeper.reports();
    measure("totals, 24 h", [&] { test::value_of(reports.totals(day)); });
    measure("totals, all", [&] { test::value_of(reports.totals(all)); });
    measure("matrix, 24 h", [&] { test::value_of(reports.matrix(day)); });
    measure("series of 15 x 10 min, 24 h",
            [&] { test::value_of(reports.series(day, std::chrono::minutes(150))); });
    measure("first 50 contacts", [&] { test::value_of(reports.contacts(all, "", 50)); });
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv, argv + argc);
    if (arguments.size() > 1) {
        setenv("TMPDIR", arguments[1].c_str(), 1);  // NOLINT(concurrency-mt-unsafe): no threads yet
    }
    const int days = arguments.size() > 2 ? std::stoi(arguments[2]) : 1;
    const int secure_seconds = arguments.size() > 3 ? std::stoi(arguments[3]) : 30;

    test::LedgerBuilder keeper;
    const Timestamp begin = std::chrono::floor<std::chrono::days>(test::kTestHour);
    for (int day = 0; day < days; ++day) {
        const std::uint64_t before = bytes_written();
        live_a_day(keeper, begin + std::chrono::days(day), secure_seconds);
        const auto transaction = test::value_of(keeper.environment().begin_read());
        fmt::print("day {}: {:.1f} MB written; {} rows, file {:.1f} MB\n", day + 1,
                   static_cast<double>(bytes_written() - before) / 1e6,
                   *transaction.count(keeper.environment().table(ledger::kContactsTable)),
                   static_cast<double>(keeper.environment().used_bytes()) / 1e6);
    }
    time_reports(keeper, begin + std::chrono::days(days));
    return 0;
}
