#include "dns/tap/frame_stream.h"

#include "tests/support/dns/tap_reader.h"
#include "tests/support/temporary_folder.h"

#include <future>
#include <stop_token>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::Bytes;
using sporvakt::dns::FrameStream;
using sporvakt::test::TapReader;
using sporvakt::test::TemporaryFolder;

using Octets = std::vector<std::uint8_t>;

TEST_GROUP(FrameStream) {
    TemporaryFolder folder;
    const std::string path = folder.file("dnstap.sock");
    std::stop_source stop;

    auto open() {
        return FrameStream::open(path, stop.get_token());
    }
    // The reader has to answer meanwhile.
    auto open_to(TapReader & reader) {
        const auto accepted = std::async(std::launch::async, [&] { return reader.accept(); });
        return open();
    }
};

TEST(FrameStream, IsReadByLibfstrmAndSaysThatItEnds) {
    TapReader reader(path);
    auto stream = open_to(reader);
    CHECK_TRUE(stream.has_value());
    const Octets first{1, 2, 3};
    const Octets second(70'000, 4);
    auto read = std::async(std::launch::async, [&] {
        std::vector<Octets> frames;
        while (auto frame = reader.next()) {
            frames.push_back(std::move(*frame));
        }
        return frames;
    });

    CHECK_TRUE((*stream)->is_read());
    CHECK_TRUE((*stream)->write(std::vector<Bytes>{first, second}));
    CHECK_TRUE((*stream)->write(std::vector<Bytes>{first}));
    stream->reset();

    const auto frames = read.get();
    LONGS_EQUAL(3, frames.size());
    CHECK(frames[0] == first && frames[1] == second && frames[2] == first);
}

TEST(FrameStream, SaysThatNobodyListens) {
    const auto nobody = open();

    CHECK_FALSE(nobody.has_value());
    STRCMP_CONTAINS(path.c_str(), nobody.error().message.c_str());
}

TEST(FrameStream, RefusesAPathThatTheKernelCannotTake) {
    const auto stream = FrameStream::open(std::string(108, 'x'), stop.get_token());

    CHECK(stream.error().code == sporvakt::Errc::InvalidInput);
}

TEST(FrameStream, GivesUpAListenerThatDoesNotSpeak) {
    const TapReader silent(path);  // connections wait in its queue

    CHECK_FALSE(open().has_value());
}

TEST(FrameStream, GivesUpAReaderThatStopsReading) {
    TapReader reader(path);
    auto stream = open_to(reader);
    const Octets frame(10'000, 1);
    const std::vector<Bytes> frames(FrameStream::kFramesMax, Bytes(frame));

    unsigned written = 0;
    while (written < 100 && (*stream)->write(frames)) {
        ++written;
    }

    CHECK(written < 100);
    CHECK_FALSE((*stream)->is_read());
    CHECK_FALSE((*stream)->write(frames));  // at once, and ever after
}

TEST(FrameStream, DoesNotWaitForAReaderOnceItIsToldToStop) {
    TapReader reader(path);
    auto stream = open_to(reader);
    const Octets frame(60'000, 1);
    const std::vector<Bytes> frames(FrameStream::kFramesMax, Bytes(frame));
    stop.request_stop();
    const auto began = std::chrono::steady_clock::now();

    CHECK_FALSE((*stream)->write(frames));
    stream->reset();

    CHECK(std::chrono::steady_clock::now() - began < FrameStream::kPatience);
}

TEST(FrameStream, NoticesThatTheReaderHasGone) {
    TapReader reader(path);
    auto stream = open_to(reader);
    CHECK_TRUE((*stream)->is_read());

    reader.hang_up();

    CHECK_FALSE((*stream)->is_read());
}
