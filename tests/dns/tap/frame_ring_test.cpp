#include "dns/tap/frame_ring.h"

#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <thread>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::Bytes;
using sporvakt::dns::FrameRing;

using Octets = std::vector<std::uint8_t>;

TEST_GROUP(FrameRing) {
    // Not a member: it is aligned to cache lines, which CppUTest's `new` of a test is not.
    std::unique_ptr<FrameRing> whole = std::make_unique<FrameRing>(64);
    FrameRing& ring = *whole;

    bool push(const Octets& first, const Octets& second = {}) {
        return ring.try_push(first, second);
    }
    bool gives(const Octets& expected) {
        const auto frame = ring.take();
        return frame.has_value() && Octets(frame->begin(), frame->end()) == expected;
    }
    static Octets filled(std::size_t length, unsigned with) {
        return Octets(length, static_cast<std::uint8_t>(with));
    }
};

TEST(FrameRing, GivesFramesInOrderAndWhole) {
    CHECK_TRUE(push({1, 2}, {3}));
    CHECK_TRUE(push({}, {}));
    CHECK_TRUE(push({}, {4, 5, 6, 7, 8}));

    CHECK_TRUE(gives({1, 2, 3}));
    CHECK_TRUE(gives({}));
    CHECK_TRUE(gives({4, 5, 6, 7, 8}));
    CHECK_FALSE(ring.take().has_value());
}

TEST(FrameRing, RefusesWhatHasNoRoomAndKeepsTheRest) {
    CHECK_TRUE(push(filled(28, 1)));
    CHECK_TRUE(push(filled(28, 2)));
    CHECK_FALSE(push({3}));

    CHECK_TRUE(gives(filled(28, 1)));
    CHECK_TRUE(gives(filled(28, 2)));
    CHECK_FALSE(ring.take().has_value());
}

TEST(FrameRing, HasNoRoomForWhatWasTakenUntilThatIsReleased) {
    CHECK_TRUE(push(filled(28, 1)));
    CHECK_TRUE(push(filled(28, 2)));
    CHECK_TRUE(gives(filled(28, 1)));
    CHECK_FALSE(push(filled(28, 3)));

    ring.release();

    CHECK_TRUE(push(filled(28, 3)));
    CHECK_TRUE(gives(filled(28, 2)));
    CHECK_TRUE(gives(filled(28, 3)));
}

TEST(FrameRing, RefusesWhatNeverFits) {
    CHECK_FALSE(push(filled(61, 1)));
    CHECK_FALSE(push(filled(40, 1), filled(40, 2)));
    CHECK_TRUE(push(filled(60, 1)));
}

TEST(FrameRing, KeepsEveryFrameInOnePieceWhereverItBegins) {
    std::deque<Octets> expected;
    std::size_t pushed = 0;
    for (unsigned round = 0; round < 5000; ++round) {
        const Octets frame = filled(round * 7 % 29, round);
        if (push(frame)) {
            expected.push_back(frame);
            ++pushed;
        }
        while (expected.size() > round % 3) {
            CHECK_TRUE(gives(expected.front()));
            expected.pop_front();
            ring.release();
        }
    }
    CHECK(pushed > 4000);
}

TEST(FrameRing, HandsFramesFromOneThreadToAnother) {
    constexpr std::uint32_t kFrames = 50'000;
    FrameRing shared(1024);
    const std::jthread producer([&shared] {
        for (std::uint32_t number = 0; number < kFrames;) {
            Octets frame(sizeof(number) + number % 50, static_cast<std::uint8_t>(number));
            std::memcpy(frame.data(), &number, sizeof(number));
            if (shared.try_push(Bytes(frame).first(2), Bytes(frame).subspan(2))) {
                ++number;
            } else {
                std::this_thread::yield();
            }
        }
    });
    std::uint32_t received = 0;
    bool is_right = true;
    while (received < kFrames && is_right) {
        const auto frame = shared.take();
        if (!frame) {
            std::this_thread::yield();
            continue;
        }
        std::uint32_t number = 0;
        std::memcpy(&number, frame->data(), sizeof(number));
        is_right = number == received && frame->size() == sizeof(number) + number % 50 &&
                   (frame->size() == 4 || frame->back() == static_cast<std::uint8_t>(number));
        shared.release();
        ++received;
    }
    LONGS_EQUAL(kFrames, received);
    CHECK_TRUE(is_right);
}
