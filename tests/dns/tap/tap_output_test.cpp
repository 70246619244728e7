#include "dns/tap/tap_output.h"

#include "tests/support/dns/tap_reader.h"
#include "tests/support/temporary_folder.h"

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::Bytes;
using sporvakt::test::TapReader;
using sporvakt::test::TemporaryFolder;

using Octets = std::vector<std::uint8_t>;

TEST_GROUP(TapOutput) {
    TemporaryFolder folder;
    const std::string path = folder.file("dnstap.sock");

    static void wait_until_read(const TapOutput& output) {
        while (!output.is_read()) {
            std::this_thread::yield();
        }
    }
    static std::uint64_t lost(const TapOutput& output) {
        ResolverCounts sum;
        output.counters().add_to(sum);
        return sum[Count::TapLost];
    }
};

TEST(TapOutput, CarriesTheFramesOfAllWorkers) {
    TapReader reader(path);
    TapOutput output(path, 2);
    CHECK_TRUE(reader.accept());
    wait_until_read(output);

    CHECK_TRUE(output.ring(0).try_push(Octets{1}, Octets{2}));
    CHECK_TRUE(output.ring(1).try_push(Octets{3}, Octets{}));

    const std::set<Octets> read{*reader.next(), *reader.next()};
    CHECK((read == std::set<Octets>{{1, 2}, {3}}));
    LONGS_EQUAL(0, lost(output));
}

TEST(TapOutput, SendsTheRestBeforeItStops) {
    TapReader reader(path);
    TapOutput output(path, 1);
    CHECK_TRUE(reader.accept());
    wait_until_read(output);
    constexpr std::size_t kFrames = 100;
    for (std::size_t frame = 0; frame < kFrames; ++frame) {
        CHECK_TRUE(output.ring(0).try_push(Octets{1}, Octets{}));
    }
    std::thread stopping([&output] { output.stop(); });

    std::size_t read = 0;
    while (reader.next()) {
        ++read;
    }
    stopping.join();
    LONGS_EQUAL(kFrames, read);
    CHECK_FALSE(output.is_read());
}

TEST(TapOutput, ConnectsAgainWhenTheReaderComesBack) {
    TapOutput output(path, 1);  // nobody is there yet
    CHECK_FALSE(output.is_read());
    for (std::uint8_t life = 1; life <= 2; ++life) {
        TapReader reader(path);
        CHECK_TRUE(reader.accept());
        wait_until_read(output);
        CHECK_TRUE(output.ring(0).try_push(Octets{life}, Octets{}));
        CHECK((*reader.next() == Octets{life}));
        reader.hang_up();
        while (output.is_read()) {
            std::this_thread::yield();
        }
    }
}

TEST(TapOutput, CountsWhatAReaderThatHangsHasLost) {
    TapReader reader(path);
    TapOutput output(path, 1);
    CHECK_TRUE(reader.accept());
    wait_until_read(output);
    const Octets frame(8'000, 1);

    while (output.is_read()) {  // for FrameStream::kPatience
        if (!output.ring(0).try_push(frame, Octets{})) {
            std::this_thread::yield();
        }
    }

    while (lost(output) == 0) {
        std::this_thread::yield();
    }
    CHECK(lost(output) <= FrameStream::kFramesMax);
}

TEST(TapOutput, StopsUnderAReaderThatHangs) {
    TapReader reader(path);
    TapOutput output(path, 1);
    CHECK_TRUE(reader.accept());
    wait_until_read(output);
    const Octets frame(60'000, 1);
    while (output.ring(0).try_push(frame, Octets{})) {
    }
    const auto began = std::chrono::steady_clock::now();

    output.stop();

    CHECK(std::chrono::steady_clock::now() - began < FrameStream::kPatience);
}
